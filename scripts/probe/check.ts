import type { ProbeSession } from './session.ts';

/** `holds`: what the code relies on is so. `differs`: it is not. `noted`: nothing relies on it. */
export interface Verdict {
  readonly is: 'holds' | 'differs' | 'noted';
  readonly found: string;
}

/** One open question about the server. */
export interface Check {
  readonly question: string;
  ask(session: ProbeSession): Promise<Verdict>;
}

export const holds = (found: string): Verdict => ({ is: 'holds', found });
export const noted = (found: string): Verdict => ({ is: 'noted', found });
export const holdsIf = (condition: boolean, found: string): Verdict => ({
  is: condition ? 'holds' : 'differs',
  found,
});

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
