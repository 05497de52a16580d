import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pythonPackages } from '../../scripts/get-python-packages.ts';
import { humanSpeechLock } from '../requirements.ts';

/** What is read in the sample. Source: the first sentence of A Tale of Two Cities, 1859. */
export const humanText =
  'it was the best of times it was the worst of times it was the age of wisdom it was the age of foolishness it was the ' +
  'epoch of belief it was the epoch of incredulity it was the season of light it was the season of darkness it was the ' +
  'spring of hope it was the winter of despair we had everything before us we had nothing before us we were all going ' +
  'direct to heaven we were all going direct the other way in short the period was so far like the present period that ' +
  'some of its noisiest authorities insisted on its being received for good or for evil in the superlative degree of ' +
  'comparison only';

/** Samples a second of the file. */
const rate = 48_000;
/** Of 32,767: louder than this is speech, quieter breath. */
const loud = 600;
const frame = rate / 100;

/**
 * A person's speech, in clips of some seconds that begin and end in pauses, as an agent hands them to the ears.
 *
 * @throws Error that says how to get the package
 */
export async function humanClips(): Promise<{ rate: number; clips: readonly Int16Array<ArrayBuffer>[] }> {
  const folder = await pythonPackages({ lock: humanSpeechLock, environment: process.env });
  const wav = readFileSync(join(folder, 'moonshine_voice', 'assets', 'two_cities.wav'));
  const data = wav.indexOf('data') + 8;
  const samples = new Int16Array(Uint8Array.from(wav.subarray(data)).buffer);
  return { rate, clips: cutAtPauses(samples) };
}

/** Cuts in the middle of each pause of 250 ms that comes when a clip is 3 s long. */
function cutAtPauses(samples: Int16Array<ArrayBuffer>): readonly Int16Array<ArrayBuffer>[] {
  const clips: Int16Array<ArrayBuffer>[] = [];
  let [from, quiet] = [0, 0];
  for (let at = 0; at < samples.length; at += frame) {
    quiet = samples.subarray(at, at + frame).some((value) => Math.abs(value) > loud) ? 0 : quiet + frame;
    if (quiet < rate / 4 || at - from < 3 * rate) continue;
    clips.push(samples.slice(from, at - rate / 8));
    [from, quiet] = [at - rate / 8, 0];
  }
  const rest = samples.slice(from);
  return rest.some((value) => Math.abs(value) > loud) ? [...clips, rest] : clips;
}
