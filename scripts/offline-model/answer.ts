import { LLM_STEPS, type LlmStep } from '../../shared/domain/extraction.ts';
import { extractMemory } from './extract.ts';
import { mergeProfile } from './merge.ts';
import { type ChatRequest, chatRequestSchema, completion, failure, type Reply, textOf } from './openai.ts';
import { pickEntries } from './pick.ts';

const SKILLS: Readonly<Record<LlmStep, { readonly tag: string; answer(text: string): unknown }>> = {
  memory_extraction: { tag: 'conversation', answer: extractMemory },
  profile_merge: { tag: 'facts', answer: mergeProfile },
  profile_pick: { tag: 'conversation', answer: pickEntries },
};
const KNOWN = LLM_STEPS.join(', ');

/** Answers the body of a POST to `/v1/chat/completions`. */
export function answerChat(body: string): Reply {
  const json = parsed(body);
  if (json === undefined) return failure(400, 'The request body is not valid JSON.', 'invalid_json');
  const request = chatRequestSchema.safeParse(json);
  if (!request.success) {
    const issue = request.error.issues[0];
    const param = issue?.path.join('.') ?? null;
    return failure(400, `Invalid request at '${param}': ${issue?.message}.`, 'invalid_request', param);
  }
  if (request.data.stream)
    return failure(400, 'offline-rules does not stream; leave `stream` out.', 'unsupported_value', 'stream');
  return answerRequest(request.data);
}

function answerRequest(request: ChatRequest): Reply {
  const name = request.response_format?.json_schema?.name;
  const step = LLM_STEPS.find((known) => known === name);
  if (step === undefined) {
    const got = name === undefined ? 'no json_schema' : `the json_schema '${name}'`;
    const message = `offline-rules is a set of rules, not a language model: it answers the json_schema ${KNOWN}, and got ${got}.`;
    return failure(400, message, 'unsupported_value', 'response_format');
  }
  const { tag, answer } = SKILLS[step];
  for (const message of request.messages) {
    const value = message.role === 'user' ? answer(textOf(message.content)) : null;
    if (value !== null) return completion(request, value);
  }
  const message = `For '${step}' one user message must hold <${tag}> and </${tag}>, each on its own line.`;
  return failure(400, message, 'invalid_value', 'messages');
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
