import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { enginePackages } from '../../src/doctor/engine-install/repair.ts';
import { benchNeeds, type SuiteNeeds, testNeeds } from '../requirements.ts';
import { repository } from '../support/run-arc.ts';

/** What every Debian has (Essential, or required by dpkg), what the README asks for, and the Engine's own programs. */
const given = new Set(
  'apt-config bash cat chmod chroot ldd ln mount nsenter script setpriv sh sleep tar umount unshare npm make dockerd'.split(
    ' ',
  ),
);
/** Names of no programs. */
const others = new Set(['root', 'linux']);

/** The programs that files of a suite start by name, or skip their tests without. */
function programsIn(pattern: string): readonly string[] {
  return globSync(pattern, { cwd: repository }).flatMap((file) => {
    const text = readFileSync(join(repository, file), 'utf8');
    // In the bench, `run` runs a program; elsewhere it is arc.
    const starts = file.startsWith('tests/bench/') ? /\b(?:execa|run)\(\s*'([a-z0-9_.-]+)'/gi : startsProgram;
    const wants = text.includes("/needs.ts'") ? text.matchAll(/\bneeds\(([^)]*)\)/g) : [];
    return [
      ...Array.from(text.matchAll(starts), ([, name = '']) => name),
      ...[...wants, ...text.matchAll(/Needs = \[([^\]]*)\]/g)].flatMap(([, list = '']) =>
        Array.from(list.matchAll(/'([^']+)'/g), ([, name = '']) => name),
      ),
    ];
  });
}

const startsProgram = /\b(?:execa|execFileSync|spawn|spawnSync)\(\s*'([a-z0-9_.-]+)'/gi;

const promised = ({ requirements }: SuiteNeeds) =>
  new Set(requirements.flatMap(({ program, alternatives = [] }) => [program, ...alternatives]));

describe('what a suite needs on the machine', () => {
  it.each([
    ['tests', 'tests/{e2e,integration,support,story}/**/*.ts', testNeeds],
    ['bench', 'tests/bench/*.ts', benchNeeds],
  ] as const)('names every program that the %s start', (_, pattern, needs) => {
    const known = promised(needs);
    const unknown = programsIn(pattern).filter(
      (name) => !given.has(name) && !others.has(name) && !known.has(name),
    );
    expect(unknown).toEqual([]);
  });

  it('says how each is got, and what for', () => {
    for (const { program, packages, install, because } of [
      ...testNeeds.requirements,
      ...benchNeeds.requirements,
    ]) {
      expect(`${install}${packages.join('')}`, program).not.toBe('');
      expect(because, program).toMatch(/^[a-z]/i);
    }
    expect(enginePackages).toContain('docker.io');
  });

  it('is installed by nothing else: no test, script or recipe calls a package manager', () => {
    const files = globSync(['tests/**/*.ts', 'scripts/**/*.ts', 'src/**/*.ts', '.ci/*'], {
      cwd: repository,
      exclude: (name) => name === 'node_modules',
    });
    const installing = files.filter((file) =>
      /(?:execa|spawnSync|execFileSync|spawn|command: )\(?\s*'(?:apt-get|apt|dnf|apk|brew)'|^\s*apt-get .*install/m.test(
        readFileSync(join(repository, file), 'utf8'),
      ),
    );
    expect(installing).toEqual([]);
  });
});
