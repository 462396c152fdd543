export const HTTP_METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const;
export type HttpMethod = (typeof HTTP_METHODS)[number];

/** A path of the custom domain: exact, or a prefix with `*` at its end. */
export interface Route {
  readonly path: string;
  readonly methods: readonly HttpMethod[];
}

export interface TimerTrigger {
  readonly triggerName: string;
  readonly intervalMs: number;
  readonly payload: string;
}

/** One function as it is deployed: its bundle and the settings of the platform that change what it sees. */
export interface FunctionDeployment {
  readonly name: string;
  /** The built bundle: a CommonJS folder with `index.js`. */
  readonly folder: string;
  /** Methods of its HTTP trigger; any other is refused before the code runs. */
  readonly methods: readonly HttpMethod[];
  readonly routes: readonly Route[];
  readonly timer?: TimerTrigger;
  readonly timeoutMs: number;
  readonly memoryMb?: number;
  /** Instances at a time, each with one request at a time; further requests wait. Default 4. */
  readonly maxInstances?: number;
  /** Further tries of an asynchronous invocation that failed. Default 3. */
  readonly asyncRetries?: number;
  /** An asynchronous invocation older than this is given up. Default one day. */
  readonly asyncMaxAgeMs?: number;
}

/** Second argument of a handler. The platform promises no more than `requestId`. */
export interface InvocationContext {
  readonly requestId: string;
  readonly region: string;
  readonly accountId: string;
  readonly credentials: {
    readonly accessKeyId: string;
    readonly accessKeySecret: string;
    readonly securityToken: string;
  };
  /** `memory` in MB, `timeout` in seconds. */
  readonly function: {
    readonly name: string;
    readonly handler: string;
    readonly memory: number;
    readonly timeout: number;
  };
  readonly service: {
    readonly logProject: string;
    readonly logStore: string;
    readonly qualifier: string;
    readonly versionId: string;
  };
  readonly logger: Readonly<Record<'debug' | 'info' | 'warn' | 'error' | 'log', (message: string) => void>>;
  readonly tracing: { readonly openTracingSpanBaggages: Readonly<Record<string, string>> };
  /** Failed tries of this asynchronous invocation so far. */
  readonly retryCount: number;
}
