import type { HttpAnswer } from './http-result.ts';
import type { Outcome } from './instance.ts';

const REFUSALS = {
  AccessDenied: 403,
  DomainRouteNotFound: 404,
  FunctionNotFound: 404,
  PathNotSupported: 404,
  StatefulAsyncInvocationAlreadyExists: 409,
  EntityTooLarge: 413,
  InternalServerError: 502,
  FunctionTimeout: 504,
} as const;
export type RefusalCode = keyof typeof REFUSALS;

/** An error of the platform itself, as opposed to one a function answers with. */
export function refusal(code: RefusalCode, message: string, requestId: string): HttpAnswer {
  return json(REFUSALS[code], { RequestId: requestId, Code: code, Message: message });
}

/** What the HTTP caller of a function that failed is told: nothing of the cause, which is in the log. */
export function httpFailure(outcome: Outcome & { kind: 'failed' }, requestId: string): HttpAnswer {
  return outcome.timedOut
    ? refusal('FunctionTimeout', outcome.detail.errorMessage, requestId)
    : refusal('InternalServerError', 'Internal Server Error', requestId);
}

/** The invocation API answers 200 whether or not the function succeeded; a header tells a failure. */
export function invokeAnswer(outcome: Outcome): HttpAnswer {
  if (outcome.kind === 'returned') {
    return { status: 200, headers: { 'content-type': 'application/octet-stream' }, body: outcome.body };
  }
  const failed = json(200, outcome.detail);
  return { ...failed, headers: { ...failed.headers, 'x-fc-error-type': outcome.errorType } };
}

export const ACCEPTED: HttpAnswer = { status: 202, headers: {}, body: Buffer.alloc(0) };

function json(status: number, body: unknown): HttpAnswer {
  return { status, headers: { 'content-type': 'application/json' }, body: Buffer.from(JSON.stringify(body)) };
}
