import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type BareMachine,
  type BareRun,
  bareMachineNeeds,
  startBareMachine,
} from '../support/bare-machine/machine.ts';
import { needs } from '../support/needs.ts';

// The README's commands on a machine that has what the README names as needed, and nothing else: no Engine, no
// mmdebstrap, no encoder, no browser, no base and no tool from earlier runs. Each test goes on where the last one ended.

const needed = needs(...bareMachineNeeds);
const minutes = 60_000;

describe('a machine with nothing but Node.js, make and Go', needed, () => {
  let machine: BareMachine;

  beforeAll(async () => {
    if (needed.skip) return;
    machine = await startBareMachine();
    await machine.clone('/root/arc');
  });
  afterAll(() => machine?.close());

  /** As root in the clone. */
  const root = (script: string, limitMilliseconds?: number) =>
    machine.run(script, { folder: '/root/arc', ...(limitMilliseconds && { limitMilliseconds }) });

  it('lacks what arc installs', async () => {
    const programs = 'docker dockerd mmdebstrap pip3 ffmpeg chromium Xvfb gst-launch-1.0 docker-registry';
    const { output } = await root(`for program in ${programs}; do command -v $program; done`);
    expect(output).toBe('');
  });

  it('boots the stack with make dev', { timeout: 20 * minutes }, async () => {
    const { exitCode, output } = await root('make dev', 20 * minutes);
    expect(exitCode, output).toBe(0);
    expect(output).toContain('5 containers are healthy');
  });

  it('is healthy then, and stops the stack', async () => {
    const health = await root('./bin/arc health');
    expect(health.exitCode, health.output).toBe(0);
    const down = await root('./bin/arc down');
    expect(down.exitCode, down.output).toBe(0);
  });

  describe('and a user who is not root', () => {
    /** As ada in a clone of hers. */
    const ada = (script: string, options: Partial<BareRun> = {}) =>
      machine.run(script, { user: 'ada', folder: '/home/ada/arc', ...options });

    beforeAll(async () => {
      if (needed.skip) return;
      // Installed already, and without the data of root's stack, which is not hers.
      const { exitCode, output } = await root(
        [
          './bin/arc clean --yes',
          'useradd --create-home ada',
          'cp -a /root/arc /home/ada/arc',
          'rm -rf /home/ada/arc/.arc',
          'chown -R ada: /home/ada/arc',
        ].join(' && '),
      );
      expect(exitCode, output).toBe(0);
    });

    it('is told who may use the Engine, and how to become one of them', async () => {
      const { exitCode, stderr } = await ada('./bin/arc up think --yes');
      expect(exitCode, stderr).toBe(4);
      expect(stderr).toContain('Only root and the group docker may use the Docker Engine at unix://');
      // Nobody knows what is on an Engine that does not answer, so tools may be needed too: said in the same message.
      expect(stderr).toContain('mmdebstrap lacks a part');
      expect(stderr).toMatch(/^ *help: .*\buidmap\b.*; sudo usermod -aG docker ada, then log in again$/m);
      expect(stderr.match(/^error/gm)).toHaveLength(1);
    });

    it('is told to log in again where the session is older than the membership', async () => {
      await root('usermod -aG docker ada');
      const { exitCode, stderr } = await ada('./bin/arc up think --yes', { groups: 'none' });
      expect(exitCode, stderr).toBe(4);
      expect(stderr).toContain('This session began before you joined the group docker');
      expect(stderr).toContain('newgrp docker');
      expect(stderr.match(/^error/gm)).toHaveLength(1);
    });

    let install = '';

    it('in the group docker, is told all that is missing and the one command that installs it', async () => {
      // The image of one service is gone, and so is what its base is built with.
      const { exitCode, output } = await root(
        [
          'apt-get remove --quiet --yes mmdebstrap',
          "docker images --format '{{.Repository}}:{{.Tag}}' | grep -E '(redis|cache):' | xargs docker rmi --force",
        ].join(' && '),
      );
      expect(exitCode, output).toBe(0);
      const before = await ada('docker images --all --quiet | sort');
      const told = await ada('./bin/arc up think --yes');
      expect(told.exitCode, told.output).toBe(4);
      expect(told.stderr.match(/^error/gm)).toHaveLength(1);
      const error = told.stderr.slice(told.stderr.indexOf('error['));
      expect(error).toMatch(/^error\[missing-tool\]\s+mmdebstrap is not installed; the base of cache /);
      install = /^ *help: (.*)$/m.exec(error)?.[1] ?? '';
      expect(install).toMatch(/^sudo apt-get update && sudo apt-get install .*\bmmdebstrap\b.*\buidmap\b/);
      expect(await ada('docker images --all --quiet | sort')).toEqual(before);
      expect((await ada('docker ps --all --quiet')).output).toBe('');
    });

    it('boots the stack with make dev once that command was run', { timeout: 10 * minutes }, async () => {
      const installed = await root(`yes | sh -c '${install.replaceAll('sudo ', '')}'`);
      expect(installed.exitCode, installed.output).toBe(0);
      const { exitCode, output } = await ada('make dev', { limitMilliseconds: 10 * minutes });
      expect(exitCode, output).toBe(0);
      expect(output).toMatch(/cache built base .*redis/);
      expect(output).toContain('5 containers are healthy');
      const health = await ada('./bin/arc health');
      expect(health.exitCode, health.output).toBe(0);
      const down = await ada('./bin/arc down');
      expect(down.exitCode, down.output).toBe(0);
    });
  });

  it('brings what the tests need as make test does', { timeout: 30 * minutes }, async () => {
    // The tests want an Engine without a stack; its network is still that of root's.
    const nuke = await machine.run('./bin/arc nuke --force --take-over', {
      user: 'ada',
      folder: '/home/ada/arc',
    });
    expect(nuke.exitCode, nuke.output).toBe(0);
    const prepare = 'make --dry-run test | grep -v scripts/test.ts >/tmp/prepare && sh -ex /tmp/prepare';
    const { exitCode, output } = await root(prepare, 30 * minutes);
    expect(exitCode, output).toBe(0);
  });

  // In CI a skipped test is a failure.
  it.each([
    ['unit', 'src/host'],
    ['integration', 'tests/integration/registry.test.ts'],
    ['e2e', 'tests/e2e/secrets.test.ts'],
  ])('passes %s tests then: %s', { timeout: 10 * minutes }, async (project, files) => {
    const vitest = 'PATH=$PWD/node_modules/.bin:$PATH CI=true node node_modules/vitest/vitest.mjs';
    const { exitCode, output } = await root(`${vitest} run --project ${project} ${files}`, 10 * minutes);
    expect(exitCode, output).toBe(0);
    expect(output).toMatch(/^[1-9]\d* passed, 0 failed, /m);
  });
});
