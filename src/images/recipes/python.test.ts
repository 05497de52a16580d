import { describe, expect, it } from 'vitest';
import { systemsOf } from './pip.ts';
import { withInterpreter } from './python.ts';

describe('a script that pip has written for the Python of this machine', () => {
  const python = '/opt/a/.venv/bin/python';
  const rewritten = (text: string) => withInterpreter(Buffer.from(text), python).toString();

  it.each([
    ['#!/usr/bin/python3\nimport sys\n', '#!/opt/a/.venv/bin/python\nimport sys\n'],
    [
      `#!/bin/sh\n'''exec' "/a long/path/python3.12" "$0" "$@"\n' '''\nimport sys\n`,
      '#!/opt/a/.venv/bin/python\nimport sys\n',
    ],
  ])('is run by the one of the base: %j', (before, after) => {
    expect(rewritten(before)).toBe(after);
  });

  it.each(['#!/bin/sh\necho python\n', '\x7fELF python\n'])('stays as it is where it is none: %j', (text) => {
    expect(rewritten(text)).toBe(text);
  });
});

it('takes wheels for any glibc up to that of Debian 12, the newest first', () => {
  const systems = systemsOf('aarch64');
  expect(systems[0]).toBe('manylinux_2_36_aarch64');
  expect(systems).toContain('manylinux2014_aarch64');
  expect(systems).not.toContain('manylinux_2_37_aarch64');
  expect(systems.indexOf('manylinux2014_aarch64')).toBeLessThan(systems.indexOf('manylinux2010_aarch64'));
});
