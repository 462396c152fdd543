import type { OpenAI } from 'openai';
import type { Llm, LlmAnswer, LlmRequest } from '../../app/ports.ts';
import type { StepCost } from '../../domain/commit.ts';
import { MemoryError } from '../../domain/errors.ts';
import type { ProviderFailure } from './classify-error.ts';
import { createProvider, type Provider, type ProviderOptions } from './provider.ts';
import { RUNGS, type Rung, responseFormat, type StructuredOutput, systemText } from './structured-output.ts';
import { readAnswer } from './tolerant-json.ts';

export interface OpenAiLlmOptions extends ProviderOptions {
  readonly model: string;
  /** `auto` starts at `json_schema` and keeps to the first way that this provider accepts. */
  readonly structuredOutput: StructuredOutput;
}

type Message = OpenAI.Chat.ChatCompletionMessageParam;
type Completion = OpenAI.Chat.ChatCompletion;

/** A model behind any OpenAI-compatible chat endpoint. The SDK is loaded on first use. */
export function createOpenAiLlm(options: OpenAiLlmOptions): Llm {
  const provider = createProvider(options);
  const ladder: Ladder = {
    proven: options.structuredOutput === 'auto' ? 'json_schema' : options.structuredOutput,
  };
  return {
    async complete<T>(request: LlmRequest<T>): Promise<LlmAnswer<T>> {
      const ask = (repair: readonly Message[]) =>
        askOn(ladder.proven, { options, provider, ladder, request, repair });
      const first = await ask([]);
      const reading = readAnswer(first.text, request.schema);
      if (reading.ok) return { value: reading.value, cost: first.cost };

      options.log('warn', 'llm_repair', { step: request.step, problem: reading.problem });
      const second = await ask(repairDialogue(first.text, reading.problem));
      const repaired = readAnswer(second.text, request.schema);
      if (repaired.ok) return { value: repaired.value, cost: sumOf(first.cost, second.cost) };
      throw new MemoryError(
        'llm_output_invalid',
        `the model's answer does not fit ${request.step}, nor does its repair: ${repaired.problem}`,
      );
    },
  };
}

interface Ladder {
  /** The rung that worked last; the first one until then. */
  proven: Rung;
}

interface Ask<T> {
  readonly options: OpenAiLlmOptions;
  readonly provider: Provider;
  readonly ladder: Ladder;
  readonly request: LlmRequest<T>;
  /** Follows the user's message when an answer has to be repaired. */
  readonly repair: readonly Message[];
}

interface Answer {
  readonly text: string;
  readonly cost: StepCost;
}

async function askOn<T>(rung: Rung, ask: Ask<T>): Promise<Answer> {
  const { options, provider, ladder, request } = ask;
  const outcome = await provider.call<Completion>({
    step: request.step,
    send: (client, signal) => client.chat.completions.create(bodyOf(rung, ask), { signal }),
    problem: (completion) =>
      completion?.choices?.[0]?.message
        ? null
        : 'it answered 200 without a chat completion; is the base URL right?',
    text: request.user,
    signal: request.signal,
  });
  if (outcome.ok) {
    ladder.proven = rung;
    return answerOf(outcome.value, request.step);
  }
  const next = options.structuredOutput === 'auto' ? RUNGS[RUNGS.indexOf(rung) + 1] : undefined;
  if (outcome.failure.kind !== 'format' || next === undefined) throw memoryError(outcome.failure);
  const { status, reason } = outcome.failure;
  options.log('info', 'llm_format_refused', { step: request.step, refused: rung, next, status, reason });
  return askOn(next, ask);
}

/**
 * Room for some two hundred entries, more than one batch yields, and no more than the models in common use accept.
 * Without a number some servers stop at a few hundred tokens.
 */
const MAX_OUTPUT_TOKENS = 8_192;
/** Hidden thoughts count as output, so models that think need room for both. */
const MAX_REASONING_TOKENS = 4 * MAX_OUTPUT_TOKENS;
const REASONING_MODEL = /(^|\/)(o[134]|gpt-5)([-.]|$)/;

function bodyOf<T>(
  rung: Rung,
  { options, request, repair }: Ask<T>,
): OpenAI.Chat.ChatCompletionCreateParamsNonStreaming {
  const { model } = options;
  return {
    model,
    messages: [
      { role: 'system', content: systemText(rung, request.system, request.schema) },
      { role: 'user', content: request.user },
      ...repair,
    ],
    ...responseFormat(rung, request.step, request.schema),
    ...(REASONING_MODEL.test(model)
      ? { max_completion_tokens: MAX_REASONING_TOKENS }
      : { max_tokens: MAX_OUTPUT_TOKENS, temperature: 0.2 }),
  };
}

function repairDialogue(answer: string, problem: string): Message[] {
  return [
    // Some providers refuse a message without content.
    { role: 'assistant', content: answer.trim() === '' ? '(no answer)' : answer },
    {
      role: 'user',
      content: `This answer cannot be used: ${problem}. Answer the request again with one JSON object of the required form and nothing else.`,
    },
  ];
}

function answerOf(completion: Completion, step: string): Answer {
  const { message, finish_reason: end } = completion.choices[0] ?? {};
  if (end === 'length') {
    throw new MemoryError(
      'llm_output_invalid',
      `the model's answer to ${step} was cut off at its output limit; a smaller batch is needed`,
    );
  }
  if (end === 'content_filter' || message?.refusal) {
    throw new MemoryError('llm_refused_content', `the model declined to answer ${step} for this text`);
  }
  return {
    text: typeof message?.content === 'string' ? message.content : '',
    cost: costOf(completion.usage),
  };
}

function costOf(usage: Completion['usage']): StepCost {
  return { calls: 1, inputTokens: usage?.prompt_tokens ?? 0, outputTokens: usage?.completion_tokens ?? 0 };
}

function sumOf(a: StepCost, b: StepCost): StepCost {
  return {
    calls: a.calls + b.calls,
    inputTokens: a.inputTokens + b.inputTokens,
    outputTokens: a.outputTokens + b.outputTokens,
  };
}

function memoryError({ kind, reason, retryAfterMs, cause }: ProviderFailure): MemoryError {
  switch (kind) {
    case 'transient': {
      const asks =
        retryAfterMs === null ? '' : `, asking for ${Math.ceil(retryAfterMs / 1000)} s of patience`;
      return new MemoryError('llm_unavailable', `the model provider is not available: ${reason}${asks}`, {
        cause,
      });
    }
    case 'rejected':
      return new MemoryError(
        'llm_rejected',
        `the model provider refuses the key, the model or the account: ${reason}`,
        {
          cause,
        },
      );
    case 'format':
      return new MemoryError(
        'llm_rejected',
        `the model provider refuses this form of structured output: ${reason}; set llm_structured_output to auto or text`,
        { cause },
      );
    case 'content':
      return new MemoryError('llm_refused_content', `the model provider refuses this text: ${reason}`, {
        cause,
      });
    default:
      return kind satisfies never;
  }
}
