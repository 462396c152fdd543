import type { ProbeSession } from './session.ts';

/**
 * `holds`: what the code relies on is so. `differs`: it is not. `noted`: nothing relies on it. `skipped`: it was not
 * asked.
 */
export interface Verdict {
  readonly is: 'holds' | 'differs' | 'noted' | 'skipped';
  readonly found: string;
}

/** One open question about the server. */
export interface Check<Session = ProbeSession> {
  readonly question: string;
  ask(session: Session): Promise<Verdict>;
}

/** Takes each verdict as it comes. */
export type Report = (question: string, verdict: Verdict) => void;

export const holds = (found: string): Verdict => ({ is: 'holds', found });
export const noted = (found: string): Verdict => ({ is: 'noted', found });
export const notAsked = (why: string): Verdict => ({ is: 'skipped', found: `not asked: ${why}` });
export const holdsIf = (condition: boolean, found: string): Verdict => ({
  is: condition ? 'holds' : 'differs',
  found,
});

/** What the check says; where it ends in an error, that is what differs. */
export async function verdictOf<Session>(check: Check<Session>, session: Session): Promise<Verdict> {
  try {
    return await check.ask(session);
  } catch (error) {
    return { is: 'differs', found: error instanceof Error ? error.message : String(error) };
  }
}

/** The error as the server words it, or null when there was none. */
export async function failureOf(attempt: Promise<unknown>): Promise<string | null> {
  try {
    await attempt;
    return null;
  } catch (error) {
    const { errno, message } = error as { errno?: number; message?: string };
    return `${errno ?? ''} ${message ?? String(error)}`.trim();
  }
}
