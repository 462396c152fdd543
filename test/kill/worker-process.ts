import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { MemoryError } from '../../shared/domain/errors.ts';

export interface LogLine {
  readonly level: string;
  readonly event: string;
  readonly [field: string]: unknown;
}

export interface WorkerSettings {
  /** The built worker: a JavaScript file. */
  readonly entry: string;
  /** Where the functions were built to. */
  readonly functionsDir: string;
  readonly tickMs: number;
  /** The configuration of the functions, as `MEMOBASE_*` variables. */
  readonly env: Readonly<Record<string, string>>;
  readonly onLog: (line: LogLine) => void;
}

export interface WorkerProcess {
  /** Resolves to the worker's URL; rejects when it ended before it listened. */
  readonly listening: Promise<string>;
  /** Resolves when the process is gone, to whether it went by itself. */
  readonly ended: Promise<{ readonly byItself: boolean }>;
  /** False where the process is gone already; so does `freeze`. */
  kill(): boolean;
  freeze(): boolean;
  thaw(): void;
  /** Lets running work end and the process with it. */
  stop(): void;
}

export function startWorker({ entry, functionsDir, tickMs, env, onLog }: WorkerSettings): WorkerProcess {
  const args = [entry, '--functions', functionsDir, '--tick-ms', String(tickMs)];
  const child = spawn(process.execPath, args, {
    env: { ...process.env, ...env },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let told = false;
  // Writing to a process that was killed is no error here.
  child.stdin.on('error', () => undefined);
  const ended = new Promise<{ byItself: boolean }>((resolve) => {
    child.once('exit', (code) => {
      if (!told) onLog({ level: 'error', event: 'worker_ended_by_itself', code: 'internal', exitCode: code });
      resolve({ byItself: !told });
    });
  });
  return {
    listening: listening(child, onLog),
    ended,
    kill() {
      told = true;
      return child.kill('SIGKILL');
    },
    freeze: () => child.kill('SIGSTOP'),
    thaw: () => child.kill('SIGCONT'),
    stop() {
      told = true;
      child.stdin.end();
    },
  };
}

function listening(child: ChildProcess, onLog: WorkerSettings['onLog']): Promise<string> {
  const url = new Promise<string>((resolve, reject) => {
    if (child.stdout === null) return;
    createInterface({ input: child.stdout }).on('line', (text) => {
      const line = parsed(text);
      if (line.event === 'worker_listening') resolve(String(line['url']));
      else onLog(line);
    });
    child.once('exit', (code) =>
      reject(new MemoryError('internal', `A worker ended with code ${code} before it listened.`)),
    );
  });
  // Whoever waits for the URL sees the rejection; a killed worker has nobody waiting.
  url.catch(() => undefined);
  return url;
}

/** A line cut short by a kill, or written by something else than the log, is kept as it is. */
function parsed(text: string): LogLine {
  try {
    return JSON.parse(text) as LogLine;
  } catch {
    return { level: 'info', event: 'not_json', text };
  }
}
