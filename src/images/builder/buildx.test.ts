import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findBuildx } from './buildx.ts';

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'arc-buildx-'));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

/** Puts a program there, and gives its path. */
function program(...parts: string[]): string {
  const path = join(home, ...parts);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, '#!/bin/sh\n');
  chmodSync(path, 0o755);
  return path;
}

describe('buildx', () => {
  it('is a plugin of the user, before any other', () => {
    const own = program('.docker', 'cli-plugins', 'docker-buildx');
    const PATH = dirname(program('bin', 'docker-buildx'));
    expect(findBuildx({ HOME: home, PATH })).toBe(own);
  });

  it("is looked for where Docker's configuration is, and in the folders that it names", () => {
    const extra = program('extra', 'docker-buildx');
    const config = join(home, 'config');
    mkdirSync(config);
    writeFileSync(join(config, 'config.json'), JSON.stringify({ cliPluginsExtraDirs: [dirname(extra)] }));
    expect(findBuildx({ HOME: home, DOCKER_CONFIG: config })).toBe(extra);
    const own = program('config', 'cli-plugins', 'docker-buildx');
    expect(findBuildx({ HOME: home, DOCKER_CONFIG: config })).toBe(own);
  });

  it('is no file that cannot be run, and no configuration that cannot be read is in its way', () => {
    const unusable = program('.docker', 'cli-plugins', 'docker-buildx');
    chmodSync(unusable, 0o644);
    writeFileSync(join(home, '.docker', 'config.json'), '{');
    const PATH = dirname(program('bin', 'buildx'));
    // Where this machine has one for all users, it is that; else the one on the path.
    expect(findBuildx({ HOME: home, PATH })).toMatch(/\/(docker-)?buildx$/);
    expect(findBuildx({ HOME: home, PATH })).not.toBe(unusable);
  });
});
