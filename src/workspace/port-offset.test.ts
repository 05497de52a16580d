import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { portsFile, readPortOffset, writePortOffset } from './port-offset.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'arc-ports-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

it('is kept for every later run', () => {
  expect(readPortOffset({ root })).toBeUndefined();
  writePortOffset({ root, offset: 3000 });
  expect(readPortOffset({ root })).toBe(3000);
});

it.each(['', '{}', '3000', '{"offset": "3000"}', '{"offset": -1}', '{"offset": 70000}'])(
  'is an error where the file says anything else: %j',
  (text) => {
    mkdirSync(join(root, '.arc'));
    writeFileSync(join(root, portsFile), text);
    expect(() => readPortOffset({ root })).toThrow(
      expect.objectContaining({
        code: 'bad-ports-file',
        status: 2,
        message: `${join(root, portsFile)} does not say where the ports of this workspace are.`,
      }),
    );
  },
);
