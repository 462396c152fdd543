import type { Clock } from '../../shared/app/ports.ts';
import type { TimerTrigger } from './deployment.ts';
import type { Cancel, Timers } from './timers.ts';

/** The event of a timer trigger; `triggerTime` has second precision. */
export function timerEvent({ triggerName, payload }: TimerTrigger, nowMs: number): Buffer {
  const triggerTime = new Date(nowMs).toISOString().replace(/\.\d+Z$/, 'Z');
  return Buffer.from(JSON.stringify({ triggerTime, triggerName, payload }));
}

/** Fires every interval until cancelled, whether or not the last firing has been dealt with. */
export function startTimerTrigger(
  trigger: TimerTrigger,
  fire: (event: Buffer) => void,
  { clock, timers }: { clock: Clock; timers: Timers },
): Cancel {
  let cancel: Cancel;
  const arm = () => {
    cancel = timers.after(trigger.intervalMs, () => {
      arm();
      fire(timerEvent(trigger, clock()));
    });
  };
  arm();
  return () => cancel();
}
