import { type Context, Hono } from 'hono';
import type { Log } from '../app/ports.ts';
import { type MemoryError, toMemoryError } from '../domain/errors.ts';
import type { FcInvocation } from '../fc.ts';
import { authorize, needsToken } from './auth.ts';
import { failure, success } from './envelope.ts';
import { API_PREFIX, isKnownPath, OPERATIONS, type OperationName } from './operations.ts';
import { Unprocessable } from './validation.ts';

/** What the routes of one function share; resolved on first use, so that a refused request costs nothing. */
export interface Door<App> {
  readonly app: () => Promise<App>;
  readonly rootToken: () => Promise<string>;
  readonly log: Log;
}

export interface RouteInput<App> {
  readonly app: App;
  readonly request: Request;
  /** Path parameters by name, decoded. */
  readonly path: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  readonly invocation: FcInvocation;
}

/** Serves one operation; resolves to the envelope's `data`. */
export type Route<App> = (input: RouteInput<App>) => Promise<unknown>;
export type Routes<App> = Partial<Readonly<Record<OperationName, Route<App>>>>;

type Bindings = { Bindings: { invocation: FcInvocation } };

/** The Memobase wire protocol around some of its operations: auth before routing, envelope, statuses. */
export function createWireServer<App>(routes: Routes<App>, door: Door<App>) {
  const server = new Hono<Bindings>();
  server.use(async (context, next) => {
    const started = performance.now();
    if (needsToken(context.req.path)) {
      authorize(context.req.header('authorization') ?? null, await door.rootToken());
    }
    await next();
    context.header('x-process-time', ((performance.now() - started) / 1_000).toFixed(6));
  });
  for (const [name, route] of Object.entries(routes)) {
    const { method, path } = OPERATIONS[name as OperationName];
    server.on(method, API_PREFIX + path, async (context) => {
      const app = await door.app();
      const { raw: request } = context.req;
      const input = { app, request, path: context.req.param(), query: context.req.query() };
      return success(await route({ ...input, invocation: context.env.invocation }));
    });
  }
  server.notFound((context) =>
    isKnownPath(context.req.path)
      ? context.json({ detail: 'Method Not Allowed' }, 405)
      : context.json({ detail: 'Not Found' }, 404),
  );
  server.onError((error, context) => {
    if (error instanceof Unprocessable) return error.toResponse();
    const known = toMemoryError(error);
    if (known.errno >= 500) report(known, context, door.log);
    const isHealth = context.req.path === API_PREFIX + OPERATIONS.healthcheck.path;
    return isHealth ? context.json({ detail: known.message }, 500) : failure(known);
  });
  return (request: Request, invocation: FcInvocation): Promise<Response> =>
    Promise.resolve(server.fetch(request, { invocation }));
}

function report(error: MemoryError, context: Context<Bindings>, log: Log): void {
  log('error', 'request_failed', {
    requestId: context.env.invocation.requestId,
    method: context.req.method,
    path: context.req.routePath,
    code: error.code,
    message: error.message,
  });
}
