import { mkdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { resultOf } from '../support/run-arc.ts';
import { openStage, type Stage } from '../support/stage.ts';
import { bringTinyBases, tinyRecipe } from '../support/tiny-bases.ts';

// A workspace of containers that answer with a file over HTTP. Images of this registry can never be had: it has no
// machine behind its name.
const unreachable = 'docker.io/arc-test';
const recipe = JSON.stringify(tinyRecipe);

/** The lines of a container's manifest that differ between the containers of the test. */
function lines(options: {
  role: string;
  upstream: string;
  port: number;
  page: string;
  more?: string;
}): string {
  const { role, upstream, port, page, more = '' } = options;
  return `name: arc-${role}
role: ${role}
codename: ${role}
tech: busybox
description: Shows a page.
image: ghcr.io/arc-test/arc-${role}:latest
upstream: ${upstream}
${upstream.startsWith('localhost/') ? `recipe: ${recipe}\n` : ''}user: "65532:65532"
read_only: true
entrypoint: [/bin/busybox, httpd, -f, -h, /pages]
command: [-p, "${port}"]
ports: [{ name: http, container: ${port}, purpose: Pages }]
health:
  probe: { kind: http, port: http, path: / }
config: [{ template: ${page}.html.liquid, file: ${page}.html, target: /pages/index.html }]
${more}`;
}

const sidecar = (text: string): string => `  - ${text.trimEnd().split('\n').join('\n    ')}\n`;

const recorder = lines({
  role: 'recorder',
  upstream: `${unreachable}/recorder:1.0`,
  port: 18_092,
  page: 'recorder',
  more: `flavours:
  large:
    image: ghcr.io/arc-test/arc-recorder-large:latest
    upstream: ${unreachable}/large:1.0
  small:
    image: ghcr.io/arc-test/arc-recorder-small:latest
    upstream: localhost/small:1.0
    recipe: ${recipe}
    command: [-p, "18093"]
    ports: [{ name: http, container: 18093, purpose: Pages }]
    health: { probe: { kind: tcp, port: http } }
    config: [{ template: small.html.liquid, file: small.html, target: /pages/index.html }]
    without: colours
  tiny:
    image: ghcr.io/arc-test/arc-recorder-small:latest
    upstream: localhost/small:1.0
    recipe: ${recipe}
    command: [-p, "18094"]
    ports: [{ name: http, container: 18094, purpose: Pages }]
    environment: { SIZE: tiny }
`,
});

const film = lines({
  role: 'film',
  upstream: `${unreachable}/film:1.0`,
  port: 18_095,
  page: 'recorder',
  more: 'flavours:\n  none: { absent: films are not kept }\n',
});

const cutter = lines({
  role: 'cutter',
  upstream: 'localhost/box:1.0',
  port: 18_096,
  page: 'recorder',
  more: 'depends_on: [film]\n',
});

const box = `${lines({
  role: 'box',
  upstream: 'localhost/box:1.0',
  port: 18_091,
  page: 'box',
  more: 'depends_on: [recorder, { service: film, when_present: true }]\n',
})}sidecars:\n${sidecar(recorder)}${sidecar(film)}`;

const page = (port: number): Promise<string> =>
  fetch(`http://127.0.0.1:${port}/`).then((answer) => answer.text());

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
  const { workspace } = stage;
  for (const folder of ['box', 'cutter']) mkdirSync(workspace.path('services', folder));
  workspace.edit('arc.yaml', 'default_profile: think', 'default_profile: all');
  const mirrors = 'mirrors: { docker.io: arc-test.invalid }\n';
  workspace.write('arc.yaml', `${workspace.read('arc.yaml')}${mirrors}`);
  const profile = `  all:
    description: All of the test.
    services: [box, cutter]
    needs: { cpus: 1, disk: 1g }
`;
  workspace.write('services/profiles.yaml', `${workspace.read('services/profiles.yaml')}${profile}`);
  workspace.write('services/box/service.yaml', box);
  workspace.write('services/cutter/service.yaml', cutter);
  workspace.write(
    'services/box/box.html.liquid',
    '# {{ containers.recorder.host }}:{{ containers.recorder.ports.http }}\n',
  );
  for (const folder of ['box', 'cutter'])
    workspace.write(`services/${folder}/recorder.html.liquid`, '# in colour on {{ ports.http }}\n');
  workspace.write('services/box/small.html.liquid', '# small on {{ ports.http }}\n');
  await bringTinyBases(stage.engine.docker);
  // Images of a run that was cut off would be chosen.
  await stage.succeed(['nuke', '--force']);
});
afterAll(() => stage?.close());

describe('a container with four flavours of which two can be had nowhere', () => {
  it('is valid with its free names', async () => {
    await stage.succeed(['generate']);
    await stage.succeed(['validate']);
  });

  it('takes the first that can be made here, with its port, probe and config, and says so', async () => {
    const { stderr } = await stage.succeed(['up', 'box', '--yes']);
    expect(stderr).toMatch(
      /warning\[other-flavour\]\n +recorder runs its small flavour, ghcr\.io\/arc-test\/arc-recorder-small:latest: docker\.io\/arc-test\/large:1\.0 cannot be had here\./,
    );
    expect(stderr).toContain('it lacks colours; --flavour upstream insists on the other');
    expect(await page(18_093)).toContain('small on 18093');
    const { stdout } = await stage.succeed(['health', '--json']);
    expect(JSON.stringify(resultOf(stdout))).toContain('"question":"connect 127.0.0.1:18093"');
  });

  it('has the others know its port', async () => {
    expect(await page(18_091)).toContain('arc-recorder:18093');
  });

  it('stays as it is at the next boot, and no registry is asked', async () => {
    const { stderr, stdout } = await stage.succeed(['up', 'recorder', '--yes']);
    expect(stdout).toMatch(/^Nothing to do/);
    expect(stderr).toContain('its image is on this Engine, and that of upstream and large is not');
  });

  it('is replaced by the one that is asked for, which shares the image and has another port', async () => {
    const { stdout } = await stage.arc(['plan', 'box', '--flavour', 'recorder=tiny']);
    expect(stdout).toContain('~ container arc-recorder');
    expect(stdout).not.toContain('+ image');
    await stage.succeed(['up', 'box', '--flavour', 'recorder=tiny', '--yes']);
    expect(await page(18_094)).toContain('in colour on 18094');
    expect(await page(18_091)).toContain('arc-recorder:18094');
    expect((await stage.succeed(['status'])).stdout).toContain(
      'arc-recorder is the tiny flavour: chosen with --flavour.',
    );
  });

  it('is refused in one that cannot be had, where that is insisted on', async () => {
    const { exitCode, stderr } = await stage.arc(['up', 'box', '--flavour', 'large', '--yes']);
    expect(exitCode).toBe(1);
    expect(stderr).toContain('arc could not get the base image of recorder, docker.io/arc-test/large:1.0.');
  });

  it('is explained with all of them', async () => {
    const { stdout } = await stage.succeed(['explain', 'recorder']);
    expect(stdout).toContain('upstream if arc can get it, else large, else small, else tiny');
  });
});

describe('a container of which nothing can be had, with a flavour that leaves it out', () => {
  const words =
    'film is left out, in its flavour none (docker.io/arc-test/film:1.0 cannot be had here): films are not kept.';

  it('is left out by arc plan, which says so and why, and promises nothing of it', async () => {
    const { stdout, stderr } = await stage.succeed(['plan', 'box']);
    expect(stderr).toContain(words);
    expect(stdout).not.toContain('film');
  });

  it('is left out by arc up, and what is there only when it is present runs', async () => {
    const { stderr, stdout } = await stage.succeed(['up', 'box', '--yes']);
    expect(stderr).toContain(words);
    expect(stdout).toContain('2 containers are healthy');
    expect(Object.keys(await stage.engine.containers()).toSorted()).toEqual(['arc-box', 'arc-recorder']);
    expect((await stage.succeed(['plan', 'box', '--exit-code'])).stdout).toBe('nothing to do');
  });

  it('takes what needs it along, by name; the rest of the profile runs', async () => {
    const { stderr } = await stage.succeed(['up', '--yes']);
    expect(stderr).toContain('cutter cannot run: it needs film, which is left out in its flavour none.');
    expect(Object.keys(await stage.engine.containers())).not.toContain('arc-cutter');
  });

  it('is no reason for arc images build to fail', async () => {
    const { stdout, stderr } = await stage.succeed(['images', 'build', 'box', '--yes']);
    expect(stderr).toContain(words);
    expect(stdout).toContain('box  ghcr.io/arc-test/arc-box:latest');
  });

  it.each([
    ['film', words],
    ['cutter', 'cutter cannot run: it needs film, which is left out in its flavour none.'],
  ])('is an error where %s is what was named', async (role, message) => {
    const { exitCode, stderr } = await stage.arc(['up', role, '--yes']);
    expect(exitCode).toBe(1);
    expect(stderr).toContain(message);
  });

  it.each(['status', 'health'])('is named with the reason by arc %s', async (command) => {
    const { stdout } = await stage.succeed([command]);
    expect(stdout).toContain(
      'arc-film is left out, in its flavour none: films are not kept (arc could get no image for it).',
    );
    const { stdout: json } = await stage.succeed([command, '--json']);
    expect(resultOf(json)).toMatchObject({ leftOut: [{ role: 'film', name: 'arc-film', flavour: 'none' }] });
  });

  it('is explained with what is lost', async () => {
    const { stdout } = await stage.succeed(['explain', 'film']);
    expect(stdout).toContain('upstream if arc can get it, else none');
    expect(stdout).toContain('left out: films are not kept');
  });

  it('is left out by choice as well, and tried again where a person insists', async () => {
    stage.workspace.write(
      'arc.yaml',
      `${stage.workspace.read('arc.yaml')}flavour_overrides: { film: none }\n`,
    );
    expect((await stage.succeed(['plan', 'box'])).stderr).toContain(
      'film is left out, in its flavour none (flavour_overrides in arc.yaml): films are not kept.',
    );
    expect((await stage.succeed(['explain', 'film'])).stdout).toContain('films are not kept');
    const { exitCode, stderr } = await stage.arc(['up', 'film', '--flavour', 'film=upstream', '--yes']);
    expect(exitCode).toBe(1);
    expect(stderr).toContain('arc could not get the base image of film');
  });
});
