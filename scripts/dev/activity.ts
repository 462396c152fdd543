/** Counts what is under way, so that somebody can wait for nothing to be. */
export interface Activity {
  /** Call the result once, when it has ended. */
  begin(): () => void;
  /** Resolves when nothing is under way; at once if nothing is now. */
  quiet(): Promise<void>;
}

export function createActivity(): Activity {
  const waiting: (() => void)[] = [];
  let count = 0;
  return {
    begin() {
      count += 1;
      return () => {
        count -= 1;
        if (count === 0) for (const resolve of waiting.splice(0)) resolve();
      };
    },
    async quiet() {
      if (count > 0) await new Promise<void>((resolve) => waiting.push(resolve));
    },
  };
}
