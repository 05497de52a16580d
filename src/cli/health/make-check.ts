import { ArcError } from '../../core/errors.ts';
import { judgeKept, type KeptAnswer } from '../../core/probes/kept.ts';
import type { ProbeAnswer, Prober, Slow } from '../../core/probes/probe.ts';
import type { ObservedContainer } from '../../platform/docker/snapshot.ts';
import type { Probe, ResolvedCheck } from '../../stack/model.ts';

/** A check of `arc health --json`. */
export type CheckHealth = {
  service: string;
  name: string;
  description: string;
  /**
   * `warning`: the answer is good, but somebody has to act, as the reply says. `skipped`: it does not apply here.
   * `unknown`: it has no answer yet, or none that still counts; that is neither good nor bad.
   */
  outcome: 'ok' | 'warning' | 'failed' | 'skipped' | 'unknown';
  /** The question, if there is an answer. */
  question?: string;
  reply: string;
  /** How long the answer took. */
  milliseconds: number;
  /** How old an answer is that was not asked for just now. */
  ageMilliseconds?: number;
};

/** `hint`: where to look if it fails. */
export type CheckToMake = { service: string; check: ResolvedCheck; hint?: string | undefined };

/** Where the last answers to slow checks are. */
export type KeptAnswers = {
  /** The last one; throws what cannot be read. */
  read: (name: { service: string; check: string }) => KeptAnswer | undefined;
  keep: (name: { service: string; check: string }, kept: KeptAnswer) => void;
};

/**
 * Asks one check, or tells its last answer if it is slow.
 *
 * @param options.deep asks slow checks anew
 */
export async function makeCheck(
  options: CheckToMake & {
    there: ReadonlyMap<string, ObservedContainer>;
    prober: Prober<Probe>;
    slow: (probe: Probe) => Slow | undefined;
    answers: KeptAnswers;
    deep: boolean;
    now: () => Date;
    /** For a check that is not slow. */
    timeoutMilliseconds: number;
    signal: AbortSignal;
  },
): Promise<CheckHealth> {
  const { service, check, there, prober, signal, deep } = options;
  const { name, description, probe } = check;
  const made = { service, name, description };
  // The checks of a service ask its main container, which has the service's role.
  const roles = [service, ...check.needs];
  const absent = roles.filter((role) => !there.has(role));
  if (absent.length > 0) {
    const reply = `${absent.join(' and ')} ${absent.length === 1 ? 'is' : 'are'} not part of what runs`;
    return { ...made, outcome: 'skipped', reply, milliseconds: 0 };
  }
  const slow = options.slow(probe);
  if (slow?.believedFor !== undefined && !deep)
    return { ...made, ...lastAnswer({ ...options, roles, believedFor: slow.believedFor }) };
  const answer = await prober({
    ...{ probe, deep, signal },
    timeoutMilliseconds: Math.max(options.timeoutMilliseconds, deep ? (slow?.longest ?? 0) : 0),
  });
  if (slow?.believedFor !== undefined && isWorthKeeping(answer) && !signal.aborted) {
    const about = roles.flatMap((role) => there.get(role)?.id ?? []);
    options.answers.keep({ service, check: name }, { at: options.now(), about, answer });
  }
  return { ...made, ...judged(options, answer) };
}

function isWorthKeeping({ missing, unknown }: ProbeAnswer): boolean {
  return !missing && !unknown;
}

type Judged = Omit<CheckHealth, 'service' | 'name' | 'description'>;

function judged({ hint }: { hint?: string | undefined }, answer: ProbeAnswer): Judged {
  const { ok, missing, unknown, warns, question, reply, milliseconds, age } = answer;
  const told = { question, milliseconds, ...(age === undefined ? {} : { ageMilliseconds: age }) };
  if (missing) return { ...told, outcome: 'skipped', reply };
  if (unknown) return { ...told, outcome: 'unknown', reply };
  if (ok) return { ...told, outcome: warns ? 'warning' : 'ok', reply };
  return { ...told, outcome: 'failed', reply: hint === undefined ? reply : `${reply}; ${hint}` };
}

const again = '`arc health --deep` asks';

function lastAnswer(
  options: CheckToMake & {
    there: ReadonlyMap<string, ObservedContainer>;
    answers: KeptAnswers;
    roles: readonly string[];
    believedFor: number;
    now: () => Date;
  },
): Judged {
  const { there, roles, believedFor } = options;
  const unknown = (because: string): Judged => ({
    outcome: 'unknown',
    reply: `not known yet, because ${because}`,
    milliseconds: 0,
  });
  const stopped = roles.find((role) => there.get(role)?.state !== 'running');
  if (stopped !== undefined) return unknown(`${stopped} is ${there.get(stopped)?.state ?? 'absent'}`);
  const about = roles.flatMap((role) => there.get(role)?.id ?? []);
  const kept = readLast(options);
  if (kept instanceof ArcError) return { outcome: 'failed', reply: words(kept), milliseconds: 0 };
  const judgement = judgeKept({ kept, about, now: options.now(), believedFor });
  if (!judgement.known) return unknown(`${judgement.because}; ${again}`);
  const { answer, milliseconds } = judgement;
  const { reply, ...rest } = judged(options, answer);
  return {
    ...rest,
    reply: answer.ok ? reply : `${reply}; ${again} again`,
    ageMilliseconds: milliseconds,
  };
}

/** What cannot be read says nothing about the check, and must not pass for an answer that was not given yet. */
function readLast(options: CheckToMake & { answers: KeptAnswers }): KeptAnswer | undefined | ArcError {
  try {
    return options.answers.read({ service: options.service, check: options.check.name });
  } catch (error) {
    if (error instanceof ArcError) return error;
    throw error;
  }
}

function words({ problems: [{ message, suggestion }] }: ArcError): string {
  return suggestion === undefined ? message : `${message} ${suggestion}`;
}
