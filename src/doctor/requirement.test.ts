import { expect, it } from 'vitest';
import type { Machine } from '../host/machine.ts';
import { type Requirement, shortcomingOf } from './requirement.ts';
import { machine } from './situation.fixture.ts';

const go: Requirement = {
  program: 'go',
  least: { version: [1, 21], ask: ['env', 'GOVERSION'] },
  packages: [],
  install: 'install Go',
  because: 'it builds',
};
const said = async (requirement: Requirement, changes: Partial<Machine>) =>
  (await shortcomingOf(requirement, machine(changes)))?.problem.message;

it.each([
  ['go1.21', undefined],
  ['go1.26.1', undefined],
  ['2.0', undefined],
  ['go1.19.8\n', 'go 1.19 is too old; it builds.'],
  ['', '/usr/bin/go does not report its version (env GOVERSION); it builds.'],
])('a program that is of version %j', async (answer, message) => {
  expect(await said(go, { answer: async () => answer })).toBe(message);
});

it('a program that fails when it is asked is told apart from one that is missing', async () => {
  expect(await said(go, { answer: async () => undefined })).toContain('does not report its version');
  expect(await said(go, { program: () => undefined })).toBe('go is not installed; it builds.');
});

it('another program that does the same will do', async () => {
  const browser = { ...go, program: 'chromium', alternatives: ['google-chrome'] };
  const { least: _, ...any } = browser;
  const only = (name: string) => ({
    program: (one: string) => (one === name ? `/usr/bin/${name}` : undefined),
  });
  expect(await said(any, only('google-chrome'))).toBeUndefined();
  expect(await said(any, only('firefox'))).toBe('chromium is not installed; it builds.');
});

it('a program is not enough where a part of it is missing', async () => {
  const player: Requirement = {
    program: 'gst-launch-1.0',
    proof: ['gst-inspect-1.0', 'webrtcbin'],
    packages: ['gstreamer1.0-plugins-bad'],
    install: 'install GStreamer',
    because: 'tests need it',
  };
  const found = await shortcomingOf(player, machine({ answer: async () => undefined }));
  expect(found).toEqual({
    state: 'missing',
    problem: {
      code: 'missing-tool',
      message: 'gst-launch-1.0 lacks a part (gst-inspect-1.0 webrtcbin fails); tests need it.',
      suggestion: 'install GStreamer',
    },
    packages: ['gstreamer1.0-plugins-bad'],
    repair: { id: 'apt gstreamer1.0-plugins-bad', packages: ['gstreamer1.0-plugins-bad'] },
  });
});

it('an ordinary user needs more than root does, in one command', async () => {
  const maker: Requirement = {
    program: 'mmdebstrap',
    packages: ['mmdebstrap'],
    ordinaryUser: { packages: ['uidmap'], proof: ['mmdebstrap', '--unshare-helper', 'true'] },
    install: 'install mmdebstrap',
    because: 'it builds',
  };
  const system = (root: boolean) => ({ ...machine({}).system, root });
  const answer = async () => undefined;
  expect(await said(maker, { answer, system: system(true) })).toBeUndefined();
  expect(await shortcomingOf(maker, machine({ answer, system: system(false) }))).toMatchObject({
    problem: { message: 'mmdebstrap lacks a part (mmdebstrap --unshare-helper true fails); it builds.' },
    packages: ['mmdebstrap', 'uidmap'],
  });
});
