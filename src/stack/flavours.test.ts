import { describe, expect, test } from 'vitest';
import { container, job, manifests, port, service } from '../../tests/fixtures/manifests.ts';
import { type FlavourChoices, withoutImages } from './flavours.ts';
import type { Stack } from './model.ts';
import { resolveStack } from './resolve.ts';
import { noChoices } from './settings.ts';

const written = container({ role: 'recorder', cap_add: ['SYS_ADMIN'] });
const small = {
  ...written,
  image: 'ghcr.io/arc-framework/arc-recorder-small:latest',
  upstream: 'localhost/small:1',
  cap_add: [],
  volumes: [{ name: 'scratch', target: '/scratch' }],
};
const plain = {
  ...written,
  image: 'ghcr.io/arc-framework/arc-recorder-plain:latest',
  upstream: 'docker.io/library/plain:2',
  ports: [port({ name: 'http', number: 9000, last: 9000 })],
  health: { ...written.health, probe: { kind: 'tcp', port: 'http', fields: {} } },
};
const recorder = {
  ...written,
  flavours: [
    { name: 'small', form: small, without: 'colours' },
    { name: 'plain', form: plain },
  ],
};
const media = service({
  role: 'media',
  environment: {
    RECORDER:
      '{{ containers.recorder.flavour }} {{ containers.recorder.host }}:{{ containers.recorder.ports.http }}',
  },
  sidecars: [
    recorder,
    container({ role: 'player', flavours: [{ name: 'plain', form: { ...plain, role: 'player' } }] }),
  ],
});

type Asked = {
  workspace?: string;
  overrides?: Readonly<Record<string, string>>;
  flags?: FlavourChoices;
};

function resolve(options: Asked): Stack {
  const { workspace = 'auto', overrides = {}, flags } = options;
  const all = manifests({ services: [media] });
  return resolveStack({
    manifests: {
      ...all,
      workspace: { ...all.workspace, flavours: workspace, flavour_overrides: overrides },
    },
    templates: new Map(),
    selection: ['media'],
    without: [],
    settings: noChoices,
    secrets: new Map(),
    ...(flags === undefined ? {} : { flavours: flags }),
  });
}

function containerOf(stack: Stack, role = 'recorder') {
  const found = stack.containers.find((one) => one.role === role);
  if (found === undefined) throw new Error(`there is no ${role}`);
  return found;
}

describe('a container with three flavours', () => {
  test.each([
    ['the one that it is written as where nothing is said', {}, 'upstream', ['small', 'plain']],
    ['what arc.yaml says', { workspace: 'small' }, 'small', undefined],
    [
      'what arc.yaml says of this container before what it says of all',
      { workspace: 'small', overrides: { recorder: 'upstream' } },
      'upstream',
      undefined,
    ],
    [
      'what a flag says before all of that',
      { workspace: 'upstream', overrides: { recorder: 'upstream' }, flags: { all: 'plain', byRole: {} } },
      'plain',
      undefined,
    ],
    [
      'what a flag says of this container before what another says of all',
      { flags: { all: 'plain', byRole: { recorder: 'small' } } },
      'small',
      undefined,
    ],
    [
      'left to arc by a flag, whatever arc.yaml says',
      { workspace: 'small', flags: { byRole: { recorder: 'auto' } } },
      'upstream',
      ['small', 'plain'],
    ],
  ] as const)('is %s', (_, options, flavour, others) => {
    const { flavour: chosen, alternatives, image } = containerOf(resolve(options));
    expect(chosen?.name).toBe(flavour);
    expect(alternatives?.map(({ name }) => name)).toEqual(others);
    expect(image.reference).toBe({ upstream: written, small, plain }[flavour].image);
  });

  test.each([
    [{ flags: { all: 'small', byRole: {} } }, 'chosen with --flavour'],
    [{ overrides: { recorder: 'small' } }, 'flavour_overrides in arc.yaml'],
    [{ workspace: 'small' }, 'flavours in arc.yaml'],
  ])('says where the choice was made: %j', (options, because) => {
    expect(containerOf(resolve(options)).flavour).toEqual({ name: 'small', because, without: 'colours' });
  });

  test('leaves those as they are written that do not have the flavour which is chosen for all', () => {
    expect(containerOf(resolve({ flags: { all: 'small', byRole: {} } }), 'player').flavour).toEqual({
      name: 'upstream',
      because: 'it has no flavour small',
    });
  });

  test('changes its rights, volumes, ports and probe, and what others are told of it', () => {
    const before = resolve({});
    expect(before.volumes).toEqual([]);
    expect(containerOf(before, 'media').environment).toEqual({ RECORDER: 'upstream arc-recorder:8000' });
    const fallen = withoutImages({ stack: before, missing: new Set([written.image]) });
    expect(containerOf(fallen)).toMatchObject({
      name: 'arc-recorder',
      capAdd: [],
      flavour: { name: 'small', because: 'docker.io/library/recorder:1 cannot be had here' },
    });
    expect(fallen.volumes).toEqual([{ name: 'arc-recorder-scratch', role: 'recorder' }]);
    const last = withoutImages({ stack: fallen, missing: new Set([small.image]) });
    expect(containerOf(last)).toMatchObject({
      capAdd: ['SYS_ADMIN'],
      ports: [{ name: 'http', container: { first: 9000, last: 9000 } }],
      health: { probe: { kind: 'tcp' } },
      flavour: { name: 'plain', because: 'localhost/small:1 cannot be had here' },
    });
    expect(containerOf(last).alternatives).toBeUndefined();
    expect(containerOf(last, 'media').environment).toEqual({ RECORDER: 'plain arc-recorder:9000' });
  });

  test('passes over every flavour whose image is missing, and stays where nothing is left', () => {
    const stack = resolve({});
    const missing = new Set([written.image, small.image]);
    expect(containerOf(withoutImages({ stack, missing })).flavour?.name).toBe('plain');
    const all = new Set([...missing, plain.image]);
    expect(containerOf(withoutImages({ stack, missing: all })).flavour?.name).toBe('plain');
  });

  test('stays as a person has chosen it, whatever is missing', () => {
    const stack = resolve({ workspace: 'upstream' });
    expect(withoutImages({ stack, missing: new Set([written.image]) })).toBe(stack);
  });
});

test.each([
  [{ byRole: { media: 'small' } }, '--flavour chooses a flavour for media, which has only one.'],
  [{ byRole: { recoder: 'small' } }, 'Nothing is called recoder'],
  [{ byRole: { recorder: 'smal' } }, 'recorder has no flavour smal.'],
  [{ byRole: { player: 'small' } }, 'player has no flavour small.'],
  [{ all: 'smal', byRole: {} }, 'No container has a flavour smal.'],
])('a flag that chooses what is not there is refused: %j', (flags, message) => {
  expect(() => resolve({ flags })).toThrow(message);
});

describe('a container that a flavour leaves out', () => {
  const film = container({
    role: 'film',
    flavours: [
      {
        name: 'plain',
        form: { ...plain, role: 'film', image: 'ghcr.io/arc-framework/arc-film-plain:latest' },
      },
      { name: 'none', absent: 'films are not kept' },
    ],
  });
  const services = [
    service({ role: 'cinema', needs: ['film+'], sidecars: [film] }),
    service({ role: 'cutter', needs: ['film'] }),
    service({
      role: 'archive',
      needs: ['film?: old films'],
      jobs: [job({ role: 'archive-index', needs: ['cutter'] })],
    }),
  ];
  const cinema = (
    flags: FlavourChoices = { byRole: {} },
    selection = ['cinema', 'cutter', 'archive'],
  ): Stack =>
    resolveStack({
      manifests: manifests({ services }),
      templates: new Map(),
      selection,
      without: [],
      settings: noChoices,
      secrets: new Map(),
      flavours: flags,
    });
  const rolesOf = (stack: Stack) => stack.containers.map(({ role }) => role).toSorted();
  const reasons = (stack: Stack) => stack.refused.map(({ problem }) => problem.message);

  test('is there as long as an image may be had, and says what is lost otherwise', () => {
    const stack = cinema();
    expect(rolesOf(stack)).toEqual(['archive', 'archive-index', 'cinema', 'cutter', 'film']);
    const { alternatives, absence } = containerOf(stack, 'film');
    expect(alternatives?.map(({ name }) => name)).toEqual(['plain']);
    expect(absence).toEqual({ name: 'none', without: 'films are not kept' });
  });

  test('goes when no image of its other flavours can be had, with what requires it, directly or not', () => {
    const missing = new Set([film.image, 'ghcr.io/arc-framework/arc-film-plain:latest']);
    const stack = withoutImages({ stack: cinema(), missing });
    expect(rolesOf(stack)).toEqual(['archive', 'cinema']);
    expect(reasons(stack)).toEqual([
      'archive-index cannot run: it needs cutter, which cannot run because film is left out in its flavour none.',
      'cutter cannot run: it needs film, which is left out in its flavour none.',
      'film is left out, in its flavour none (docker.io/library/plain:2 cannot be had here): films are not kept.',
    ]);
    expect(stack.warnings.map(({ message }) => message)).toEqual(['archive runs without film: old films.']);
  });

  test('goes where a person chooses so', () => {
    const stack = cinema({ byRole: { film: 'none' } }, ['cinema']);
    expect(rolesOf(stack)).toEqual(['cinema']);
    expect(reasons(stack)).toEqual([
      'film is left out, in its flavour none (chosen with --flavour): films are not kept.',
    ]);
    expect(stack.refused[0]?.flavour?.name).toBe('none');
  });

  test('goes with the jobs of its service, which would run its image', () => {
    const main = service({
      role: 'press',
      flavours: [{ name: 'none', absent: 'nothing is printed' }],
      jobs: [job({ role: 'press-ink' })],
    });
    const stack = resolveStack({
      manifests: manifests({ services: [main, service({ role: 'shop' })] }),
      templates: new Map(),
      selection: ['press', 'shop'],
      without: [],
      settings: noChoices,
      secrets: new Map(),
      flavours: { all: 'none', byRole: {} },
    });
    expect(rolesOf(stack)).toEqual(['shop']);
    expect(reasons(stack)).toContain(
      'press-ink cannot run: it needs press, which is left out in its flavour none.',
    );
  });

  test('is there as it runs, if it was made before', () => {
    const left = cinema({ byRole: { film: 'none' } }, ['cinema']);
    const back = left.inFlavours({ film: { name: 'upstream', because: 'it runs' } });
    expect(rolesOf(back)).toEqual(['cinema', 'film']);
  });
});
