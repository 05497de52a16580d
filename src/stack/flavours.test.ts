import { describe, expect, test } from 'vitest';
import { container, manifests, service } from '../../tests/fixtures/manifests.ts';
import type { FlavourPolicy } from '../manifest/model.ts';
import { type FlavourChoices, withFallbacks } from './flavours.ts';
import { resolveStack } from './resolve.ts';
import { noChoices } from './settings.ts';

const recorder = container({ role: 'recorder', cap_add: ['SYS_ADMIN'] });
const small = {
  ...recorder,
  image: 'ghcr.io/arc-framework/arc-recorder-small:latest',
  cap_add: [],
  volumes: [{ name: 'scratch', target: '/scratch' }],
};
const media = service({
  role: 'media',
  sidecars: [{ ...recorder, flavours: { embedded: small } }],
});

function resolve(options: {
  workspace?: FlavourPolicy;
  overrides?: Readonly<Record<string, FlavourPolicy>>;
  flags?: FlavourChoices;
}) {
  const { workspace = 'auto', overrides = {}, flags } = options;
  const written = manifests({ services: [media] });
  return resolveStack({
    manifests: {
      ...written,
      workspace: { ...written.workspace, flavours: workspace, flavour_overrides: overrides },
    },
    templates: new Map(),
    selection: ['media'],
    without: [],
    settings: noChoices,
    secrets: new Map(),
    ...(flags === undefined ? {} : { flavours: flags }),
  });
}

function recorderOf(stack: ReturnType<typeof resolveStack>) {
  const found = stack.containers.find(({ role }) => role === 'recorder');
  if (found === undefined) throw new Error('there is no recorder');
  return found;
}

describe('a container with two flavours', () => {
  test.each([
    ['the upstream one where nothing is said, with the other to fall back on', {}, 'upstream', true],
    ['what arc.yaml says', { workspace: 'embedded' }, 'embedded', false],
    [
      'what arc.yaml says of this container before what it says of all',
      { workspace: 'embedded', overrides: { recorder: 'upstream' } },
      'upstream',
      false,
    ],
    [
      'what a flag says before all of that',
      { workspace: 'upstream', overrides: { recorder: 'upstream' }, flags: { all: 'embedded', byRole: {} } },
      'embedded',
      false,
    ],
    [
      'what a flag says of this container before what another says of all',
      { flags: { all: 'embedded', byRole: { recorder: 'upstream' } } },
      'upstream',
      false,
    ],
  ] as const)('is %s', (_, options, flavour, fallsBack) => {
    const { flavour: chosen, fallback, image } = recorderOf(resolve(options));
    expect(chosen?.name).toBe(flavour);
    expect(fallback !== undefined).toBe(fallsBack);
    expect(image.reference).toBe((flavour === 'embedded' ? small : recorder).image);
  });

  test('says where the choice was made', () => {
    expect(recorderOf(resolve({ flags: { all: 'upstream', byRole: {} } })).flavour?.because).toBe(
      'chosen with --flavour',
    );
    expect(recorderOf(resolve({ overrides: { recorder: 'embedded' } })).flavour?.because).toBe(
      'flavour_overrides in arc.yaml',
    );
  });

  test('falls back as a whole: rights and volumes are those of the other flavour', () => {
    const stack = resolve({});
    expect(stack.volumes).toEqual([]);
    const fallen = withFallbacks({ stack, roles: new Set(['recorder', 'media']) });
    expect(recorderOf(fallen)).toMatchObject({
      name: 'arc-recorder',
      capAdd: [],
      flavour: { name: 'embedded', because: 'docker.io/library/recorder:1 cannot be had here' },
    });
    expect(fallen.volumes).toEqual([{ name: 'arc-recorder-scratch', role: 'recorder' }]);
  });
});

test('a flavour for a container that has one only is refused, and those that have several are named', () => {
  expect(() => resolve({ flags: { byRole: { media: 'embedded' } } })).toThrow(
    '--flavour chooses a flavour for media, which has only one.',
  );
  expect(() => resolve({ flags: { byRole: { recoder: 'embedded' } } })).toThrow('Nothing is called recoder');
});
