import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { resultOf } from '../support/run-arc.ts';
import { openStage, type Stage } from '../support/stage.ts';

// Ingress and egress of upstream exist in a registry only. This one has no machine behind its name.
const unreachable = 'arc-test.invalid';
const embedded = {
  ingress: 'ghcr.io/arc-framework/arc-realtime-ingress-embedded:latest',
  egress: 'ghcr.io/arc-framework/arc-realtime-egress-embedded:latest',
};

describe('ingress and egress where no registry can be reached', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage({ settings: { media: 'mux' } });
    const mirrors = `mirrors: { docker.io: ${unreachable}, quay.io: ${unreachable} }\n`;
    stage.workspace.write('arc.yaml', `${stage.workspace.read('arc.yaml')}${mirrors}`);
    await stage.succeed(['nuke', '--force']);
  });
  afterAll(() => stage?.close());

  it('are refused in their upstream flavour where that is insisted on, with every attempt', async () => {
    const { exitCode, stderr } = await stage.arc(['up', 'think', '--flavour', 'upstream', '--yes']);
    expect(exitCode).toBe(1);
    expect(stderr).toContain(
      'arc could not get the base image of realtime-egress, docker.io/livekit/egress:v1.14.0.',
    );
    expect(stderr).toContain(`registry ${unreachable}: cannot be reached`);
    expect(await stage.engine.containers()).toEqual({});
  });

  it('run embedded, and a warning says for each that it does and why', async () => {
    const { stderr, stdout } = await stage.succeed(['up', 'think', '--yes']);
    expect(stdout).toMatch(/^5 containers are healthy/);
    for (const kind of ['ingress', 'egress'] as const) {
      expect(stderr).toMatch(
        new RegExp(
          `warning\\[other-flavour\\]\\n +realtime-${kind} runs its embedded flavour, ${embedded[kind]}: docker\\.io/livekit/${kind}:\\S+ cannot be had here\\.`,
        ),
      );
    }
    expect(stderr).toContain(`registry ${unreachable}: cannot be reached`);
  });

  it.each(Object.values(embedded))('%s has at most 300 MB', async (name) => {
    expect((await stage.engine.docker.getImage(name).inspect()).Size).toBeLessThanOrEqual(300e6);
  });

  it.each(['status', 'health', 'images'])('are named with the reason by arc %s', async (command) => {
    const { stdout } = await stage.succeed([command]);
    for (const kind of ['ingress', 'egress'])
      expect(stdout).toMatch(
        new RegExp(
          `realtime-${kind} is the embedded flavour: docker\\.io/livekit/${kind}:\\S+ cannot be had here\\.`,
        ),
      );
    const { stdout: json } = await stage.succeed([command, '--json']);
    expect(JSON.stringify(resultOf(json))).toContain('"flavour":{"name":"embedded","because":"docker.io/');
  });

  it('are asked for in no registry the next time, and stay as they are', async () => {
    const before = await stage.engine.containers();
    expect((await stage.succeed(['plan', 'think', '--exit-code'])).stdout).toBe('nothing to do');
    const { stdout, stderr } = await stage.succeed(['up', 'think']);
    expect(stdout).toMatch(/^Nothing to do: 5 containers are healthy\./);
    expect(stderr).toContain('its image is on this Engine, and that of upstream is not');
    expect(stderr).not.toContain(unreachable);
    const after = await stage.engine.containers();
    expect(after['arc-realtime-egress']?.id).toBe(before['arc-realtime-egress']?.id);
  });

  it('are unhealthy without what they need, though they run', async () => {
    // No command of arc stops what something that runs needs.
    await stage.engine.docker.getContainer('arc-storage').remove({ force: true });
    const { exitCode, stdout } = await stage.arc(['health']);
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/✗ +arc-storage +absent +there is no such container; run `arc up`/);
    await stage.succeed(['up', 'think']);
  });

  it('are what arc.yaml says, without a warning', async () => {
    const chosen = 'flavour_overrides: { realtime-egress: embedded }\n';
    stage.workspace.write('arc.yaml', `${stage.workspace.read('arc.yaml')}${chosen}`);
    const { stderr } = await stage.succeed(['up', 'realtime-egress']);
    expect(stderr).not.toContain('realtime-egress runs its embedded flavour');
    expect((await stage.succeed(['explain', 'realtime-egress'])).stdout).toContain(
      'embedded: flavour_overrides in arc.yaml',
    );
  });

  it('are not valid with a field that the embedded worker does not have, unless that is ruled out', async () => {
    const template = 'services/realtime/ingress.yaml.liquid';
    stage.workspace.write(template, `${stage.workspace.read(template)}whip_port: 8080\n`);
    await stage.succeed(['generate']);
    const { exitCode, stderr } = await stage.arc(['validate']);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/error\[unknown-field\] services\/realtime\/ingress\.yaml:\d+:1\n +.*whip_port/);
    expect(stderr).toContain('the embedded ingress worker');
    stage.workspace.edit(
      'arc.yaml',
      'flavour_overrides: { ',
      'flavour_overrides: { realtime-ingress: upstream, ',
    );
    await stage.succeed(['validate']);
  });

  it('leave nothing behind, their own images included', async () => {
    await stage.succeed(['nuke', '--force']);
    expect(await stage.engine.objects()).toEqual([]);
    const images = await stage.engine.docker.listImages({
      filters: { reference: ['ghcr.io/arc-framework/arc-*'] },
    });
    expect(images).toEqual([]);
  });
});

it.each([
  [['--flavour', '=embedded'], 'error[bad-flag]\n  --flavour takes auto or the name of a flavour'],
  [
    ['--flavour', 'embeded'],
    'error[unknown-flavour]\n  No container has a flavour embeded.\n  help: did you mean `embedded`?',
  ],
  [
    ['--flavour', 'realtime-egress=small'],
    'error[unknown-flavour]\n  realtime-egress has no flavour small.\n  help: choose one of: auto, upstream, embedded',
  ],
  [
    ['--flavour', 'cache=embedded'],
    'error[no-flavours]\n  --flavour chooses a flavour for cache, which has only one.',
  ],
])('%s is refused in words', async (flags, words) => {
  const stage = await openStage();
  const { exitCode, stderr } = await stage.arc(['plan', ...flags]);
  await stage.close();
  expect(exitCode).toBe(2);
  expect(stderr).toContain(words);
});
