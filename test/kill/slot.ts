import { startWorker, type WorkerProcess, type WorkerSettings } from './worker-process.ts';

/** A place for one worker, which gets a new one whenever its worker is killed. */
export interface Slot {
  /** Null until the worker listens. */
  readonly url: string | null;
  /** Its worker ended by itself, and no other one was started. */
  readonly empty: boolean;
  /** Rejects when the first worker cannot start. */
  readonly started: Promise<unknown>;
  /** False where there was nobody to kill. */
  kill(): boolean;
  /** False where the worker stands still already. */
  freeze(ms: number): boolean;
  thaw(): void;
  /** Resolves once the worker has ended its work and itself. */
  stop(): Promise<void>;
  abandon(): void;
}

/** @param onChange called whenever `url` or `empty` has another value */
export function openSlot(settings: WorkerSettings, onChange: () => void): Slot {
  let worker: WorkerProcess;
  let url: string | null = null;
  let empty = false;
  let closing = false;
  let thawing: NodeJS.Timeout | null = null;

  const launch = (): WorkerProcess => {
    const launched = startWorker(settings);
    launched.listening.then(
      (listeningAt) => {
        // The last line of a worker that is gone already may still come through.
        if (worker !== launched) return;
        url = listeningAt;
        onChange();
      },
      () => undefined,
    );
    void launched.ended.then(({ byItself }) => {
      url = null;
      empty = byItself;
      if (!closing && !byItself) worker = launch();
      onChange();
    });
    return launched;
  };
  worker = launch();
  const thaw = (): void => {
    if (thawing !== null) clearTimeout(thawing);
    thawing = null;
    worker.thaw();
  };
  return {
    get url() {
      return url;
    },
    get empty() {
      return empty;
    },
    started: worker.listening,
    kill() {
      url = null;
      return worker.kill();
    },
    freeze(ms) {
      if (thawing !== null) return false;
      thawing = setTimeout(thaw, ms);
      return worker.freeze();
    },
    thaw,
    async stop() {
      closing = true;
      worker.stop();
      await worker.ended;
    },
    abandon() {
      closing = true;
      if (thawing !== null) clearTimeout(thawing);
      worker.kill();
    },
  };
}
