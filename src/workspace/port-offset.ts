import { join } from 'node:path';
import { invalid } from '../core/errors.ts';
import { arcFolder, prepareArcFolder, readIfThere, replaceFile } from './files.ts';
import { parseRecord } from './parse-record.ts';

/** The file with the choice for `ports: { offset: auto }`, relative to the workspace's root. Git ignores it. */
export const portsFile = `${arcFolder}/ports.json`;

/**
 * The offset that was chosen for this workspace on this machine; undefined if none has been chosen yet.
 *
 * @throws ArcError `bad-ports-file` (exit status 2), `cannot-read` (exit status 1)
 */
export function readPortOffset(options: { root: string }): number | undefined {
  const path = join(options.root, portsFile);
  const text = readIfThere(path);
  if (text === undefined) return undefined;
  const offset = parse(text);
  if (offset !== undefined) return offset;
  throw invalid({
    code: 'bad-ports-file',
    message: `${path} does not say where the ports of this workspace are.`,
    detail: ['arc writes it for `offset: auto`: {"offset": 1000}'],
    suggestion: 'stop the stack with arc down and remove the file; the next arc up chooses again',
  });
}

/** Keeps the offset for every later run. */
export function writePortOffset(options: { root: string; offset: number }): void {
  const { root, offset } = options;
  prepareArcFolder(root);
  const text = `${JSON.stringify({ offset }, undefined, 2)}\n`;
  replaceFile({ path: join(root, portsFile), text, mode: 0o644 });
}

function parse(text: string): number | undefined {
  const offset = parseRecord(text)?.offset;
  return typeof offset === 'number' && Number.isInteger(offset) && offset >= 0 && offset < 65_535
    ? offset
    : undefined;
}
