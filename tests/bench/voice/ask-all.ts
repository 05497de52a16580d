import type { BenchContext } from '../context.ts';
import { askTurn, type Outcome } from './ask.ts';
import type { Talk } from './room.ts';
import type { SpokenTurn } from './turns.ts';

export type Asked = { turn: SpokenTurn; outcome: Outcome };

/** Says one turn after the other. */
export async function askAll(
  talk: Talk,
  turns: readonly SpokenTurn[],
  context: BenchContext,
): Promise<readonly Asked[]> {
  const asked: Asked[] = [];
  for (const [index, turn] of turns.entries()) {
    context.signal.throwIfAborted();
    const outcome = await askTurn(talk, turn);
    const told = outcome.kind === 'answered' ? `${outcome.milliseconds} ms` : JSON.stringify(outcome);
    context.progress(`turn ${index + 1} of ${turns.length}: "${turn.text}" ${told}`);
    asked.push({ turn, outcome });
  }
  return asked;
}

/** Seconds of the answered turns. */
export function secondsOf(asked: readonly Asked[]): readonly number[] {
  return asked.flatMap(({ outcome }) => (outcome.kind === 'answered' ? [outcome.milliseconds / 1000] : []));
}
