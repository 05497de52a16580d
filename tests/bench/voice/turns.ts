import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { joined, rate } from '../../../src/providers/livekit/voice/sound.ts';

/** One thing that is said to the agent. */
export type SpokenTurn = {
  text: string;
  /** What its answer has to match, in any case. */
  answer: RegExp;
  /** A pause inside of it. */
  pause?: { afterText: string; milliseconds: number };
};

/** The committed set of 100 turns, of which 20 have a pause inside. */
export function readTurns(): readonly SpokenTurn[] {
  return readFileSync(join(import.meta.dirname, 'turns.tsv'), 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map(parseTurn);
}

/** 30 sentences whose words are counted. */
export function readSentences(): readonly string[] {
  return readFileSync(join(import.meta.dirname, 'sentences.txt'), 'utf8')
    .trim()
    .split('\n');
}

/** @throws Error with the line that is wrong */
export function parseTurn(line: string): SpokenTurn {
  const [said = '', answer] = line.split('\t');
  const match = /^(.+) \|(\d+)\| (.+)$/.exec(said);
  if (said === '' || answer === undefined) throw new Error(`no turn: ${line}`);
  if (match === null) return { text: said, answer: new RegExp(answer, 'i') };
  const [, first = '', milliseconds, second = ''] = match;
  return {
    text: `${first} ${second}`,
    answer: new RegExp(answer, 'i'),
    pause: { afterText: first, milliseconds: Number(milliseconds) },
  };
}

/**
 * Puts a pause into speech of one breath: at its quietest place near the end of the first part, so that the melody of the
 * voice stays that of somebody who goes on. Pure.
 *
 * @param options.share of the text that comes before the pause
 */
export function withPause(options: { samples: Int16Array; share: number; milliseconds: number }): Int16Array {
  const { samples, share, milliseconds } = options;
  const step = rate / 100;
  const near = Math.round((samples.length * share) / step);
  const reach = Math.round(samples.length / step / 6);
  let best = { at: near, loudness: Number.POSITIVE_INFINITY };
  for (let at = Math.max(1, near - reach); at <= near + reach; at += 1) {
    const loudness = samples
      .subarray(at * step, (at + 1) * step)
      .reduce((sum, one) => sum + Math.abs(one), 0);
    if (loudness < best.loudness) best = { at, loudness };
  }
  const cut = best.at * step;
  return joined([
    samples.subarray(0, cut),
    new Int16Array((rate * milliseconds) / 1000),
    samples.subarray(cut),
  ]);
}

/** The value below which so many of them are. Pure. @throws Error where there are none */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const value = sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
  if (value === undefined) throw new Error('nothing was measured');
  return value;
}
