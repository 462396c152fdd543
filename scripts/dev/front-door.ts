import type { Clock } from '../../shared/app/ports.ts';
import type { HostedFunction } from './hosted-function.ts';
import { type IncomingRequest, toHttpEvent } from './http-event.ts';
import { type HttpAnswer, toHttpAnswer } from './http-result.ts';
import { ACCEPTED, httpFailure, invokeAnswer, refusal } from './platform-answer.ts';
import { route } from './routes.ts';

/** Limits of the platform, in bytes. */
export const MAX_SYNC_BYTES = 32 * 1024 * 1024;
export const MAX_ASYNC_BYTES = 128 * 1024;

const INVOCATIONS = /^\/2023-03-30\/functions\/([^/?]+)\/invocations(?:\?|$)/;

interface FrontDoor {
  readonly functions: ReadonlyMap<string, HostedFunction>;
  readonly accountId: string;
  readonly clock: Clock;
}

/** Answers one request: the invocation API on its own path, a custom domain everywhere else. */
export async function answer(
  request: IncomingRequest,
  requestId: string,
  door: FrontDoor,
): Promise<HttpAnswer> {
  const name = INVOCATIONS.exec(request.target)?.[1];
  if (name === undefined) return answerAsDomain(request, requestId, door);
  if (request.method !== 'POST') {
    return refusal('PathNotSupported', 'invocations are made by POST', requestId);
  }
  if (!isTrusted(request)) {
    return refusal('AccessDenied', 'the local invocation API answers this machine only', requestId);
  }
  return invokeByName(name, { event: request.body, requestId, ...modeOf(request) }, door.functions);
}

export interface NamedInvocation {
  readonly event: Buffer;
  readonly requestId: string;
  readonly async: boolean;
  readonly taskId: string | undefined;
}

/** InvokeFunction of the platform's API. */
export async function invokeByName(
  name: string,
  invocation: NamedInvocation,
  functions: ReadonlyMap<string, HostedFunction>,
): Promise<HttpAnswer> {
  const hosted = functions.get(name);
  if (hosted === undefined) {
    return refusal('FunctionNotFound', `function '${name}' does not exist`, invocation.requestId);
  }
  if (invocation.async) return accept(hosted, invocation);
  return invokeAnswer(await hosted.run(invocation));
}

async function answerAsDomain(
  request: IncomingRequest,
  requestId: string,
  door: FrontDoor,
): Promise<HttpAnswer> {
  const [path = '/'] = request.target.split('?');
  const deployments = [...door.functions.values()].map((hosted) => hosted.deployment);
  const routed = route(deployments, request.method, path);
  if (routed.kind === 'no-route') {
    return refusal('DomainRouteNotFound', `no route found for path '${path}'`, requestId);
  }
  const hosted = routed.kind === 'found' ? door.functions.get(routed.deployment.name) : undefined;
  if (hosted === undefined) {
    return refusal('AccessDenied', `the http method ${request.method} is not supported`, requestId);
  }
  const { accountId, clock } = door;
  const event = Buffer.from(JSON.stringify(toHttpEvent(request, { accountId, requestId, nowMs: clock() })));
  const mode = modeOf(request);
  if (mode.async) return accept(hosted, { event, requestId, ...mode });
  const outcome = await hosted.run({ event, requestId });
  return outcome.kind === 'returned' ? toHttpAnswer(outcome.body) : httpFailure(outcome, requestId);
}

function accept(hosted: HostedFunction, invocation: NamedInvocation): HttpAnswer {
  const { event, requestId, taskId } = invocation;
  if (event.length > MAX_ASYNC_BYTES) {
    const message = `an asynchronous payload holds at most ${MAX_ASYNC_BYTES} bytes, got ${event.length}`;
    return refusal('EntityTooLarge', message, requestId);
  }
  if (hosted.queue.accept({ event, requestId }, taskId) === 'duplicate') {
    const message = `task '${taskId}' was accepted before`;
    return refusal('StatefulAsyncInvocationAlreadyExists', message, requestId);
  }
  return taskId === undefined ? ACCEPTED : { ...ACCEPTED, headers: { 'x-fc-async-task-id': taskId } };
}

function modeOf(request: IncomingRequest): { async: boolean; taskId: string | undefined } {
  const async = header(request, 'x-fc-invocation-type')?.toLowerCase() === 'async';
  return { async, taskId: async ? header(request, 'x-fc-async-task-id') : undefined };
}

/** Only loopback, and neither a web page in this machine's browser nor somebody behind a proxy on it. */
function isTrusted(request: IncomingRequest): boolean {
  const loopback = request.sourceIp === '::1' || request.sourceIp.startsWith('127.');
  return (
    loopback && header(request, 'origin') === undefined && header(request, 'x-forwarded-for') === undefined
  );
}

function header({ rawHeaders }: IncomingRequest, name: string): string | undefined {
  const at = rawHeaders.findIndex((entry, index) => index % 2 === 0 && entry.toLowerCase() === name);
  return at < 0 ? undefined : rawHeaders[at + 1];
}
