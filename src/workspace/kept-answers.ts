import { join } from 'node:path';
import { failed } from '../core/errors.ts';
import type { KeptAnswer } from '../core/probes/kept.ts';
import type { ProbeAnswer } from '../core/probes/probe.ts';
import { arcFolder, prepareArcFolder, readIfThere, replaceFile } from './files.ts';
import { parseRecord } from './parse-record.ts';

/** A check of a service, by its name there. */
export type CheckName = { service: string; check: string };

/**
 * The last answer to a check whose answers are kept.
 *
 * @param options.root absolute path of the workspace
 * @returns undefined if none was kept yet
 * @throws ArcError `cannot-read`; `kept-answer-unreadable` if the file holds something else
 */
export function readKeptAnswer(options: { root: string } & CheckName): KeptAnswer | undefined {
  const path = pathOf(options);
  const text = readIfThere(join(options.root, path));
  if (text === undefined) return undefined;
  const kept = parseKept(text);
  if (kept !== undefined) return kept;
  throw failed({
    code: 'kept-answer-unreadable',
    message: `${path} does not hold the answer that arc kept there.`,
    suggestion: '`arc health --deep` asks again and replaces it',
  });
}

/**
 * Keeps the newest answer to a check, in place of the one before.
 *
 * @param options.root absolute path of the workspace
 * @throws ArcError `cannot-write`
 */
export function keepAnswer(options: { root: string; kept: KeptAnswer } & CheckName): void {
  const { root, kept } = options;
  const { at, about, answer } = kept;
  const text = `${JSON.stringify({ at: at.toISOString(), about, answer }, undefined, 2)}\n`;
  prepareArcFolder(root);
  replaceFile({ path: join(root, pathOf(options)), text, mode: 0o644 });
}

function pathOf({ service, check }: CheckName): string {
  return `${arcFolder}/answers/${service}/${check}.json`;
}

function parseKept(text: string): KeptAnswer | undefined {
  const { at, about, answer } = parseRecord(text) ?? {};
  if (typeof at !== 'string' || !Array.isArray(about) || !about.every((id) => typeof id === 'string'))
    return undefined;
  const time = new Date(at);
  return Number.isNaN(time.getTime()) || !isAnswer(answer) ? undefined : { at: time, about, answer };
}

function isAnswer(value: unknown): value is ProbeAnswer {
  if (typeof value !== 'object' || value === null) return false;
  const fields = new Map<string, unknown>(Object.entries(value));
  return (
    typeof fields.get('ok') === 'boolean' &&
    typeof fields.get('question') === 'string' &&
    typeof fields.get('reply') === 'string' &&
    typeof fields.get('milliseconds') === 'number' &&
    ['missing', 'warns', 'unknown'].every((flag) => [undefined, true].includes(fields.get(flag) as undefined))
  );
}
