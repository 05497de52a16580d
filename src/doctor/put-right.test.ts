import { describe, expect, it } from 'vitest';
import type { ArcEvent } from '../core/event.ts';
import { missing, type Shortcoming } from './check.ts';
import { putRight } from './put-right.ts';
import { shortcomingsOf } from './requirement.ts';
import { machine } from './situation.fixture.ts';

const tools = [
  { program: 'mmdebstrap', packages: ['mmdebstrap', 'keyring'], install: 'apt', because: 'bases need it' },
  { program: 'go', packages: [], install: 'install Go: https://go.dev/dl', because: 'bases need it' },
  { program: 'ffmpeg', packages: ['ffmpeg'], install: 'apt', because: 'tests need it' },
] as const;
const { system } = machine();
const bare = (root: boolean, debian = true) =>
  machine({ program: () => undefined, system: { ...system, root, debian } });

function attempt(shortcomings: readonly Shortcoming[], ask?: (question: string) => Promise<void>) {
  const events: ArcEvent[] = [];
  return putRight({
    missing: shortcomings,
    yes: false,
    ...(ask && { ask }),
    emit: (event) => events.push(event),
    signal: new AbortController().signal,
  });
}

const problemOf = (attempted: Promise<void>) =>
  attempted.then(
    () => undefined,
    ({ problems, status }) => ({ ...problems[0], status }),
  );

describe('what is missing on a machine', () => {
  it('is nothing to speak of where all is there', async () => {
    expect(await problemOf(attempt([]))).toBeUndefined();
  });

  it('is one message for a user who may not install it, with one command for what Debian has', async () => {
    expect(await problemOf(attempt(await shortcomingsOf(tools, bare(false))))).toEqual({
      code: 'machine-not-ready',
      message: '3 things are missing on this machine.',
      detail: [
        'mmdebstrap is not installed; bases need it.',
        'go is not installed; bases need it.',
        'ffmpeg is not installed; tests need it.',
      ],
      suggestion:
        'sudo apt-get update && sudo apt-get install --no-install-recommends mmdebstrap keyring ffmpeg; install Go: https://go.dev/dl',
      status: 4,
    });
  });

  it('is not installed in part: root is told of Go before anything is done', async () => {
    expect(await problemOf(attempt(await shortcomingsOf(tools, bare(true))))).toMatchObject({
      code: 'machine-not-ready',
      suggestion:
        'apt-get update && apt-get install --no-install-recommends mmdebstrap keyring ffmpeg; install Go: https://go.dev/dl',
    });
  });

  it('has no command for a system without apt', async () => {
    expect(await problemOf(attempt(await shortcomingsOf(tools.slice(1), bare(true, false))))).toMatchObject({
      suggestion: 'install Go: https://go.dev/dl; apt',
    });
  });

  it('is said as it is where it is one thing', async () => {
    expect(await problemOf(attempt(await shortcomingsOf(tools.slice(0, 1), bare(false))))).toMatchObject({
      code: 'missing-tool',
      message: 'mmdebstrap is not installed; bases need it.',
    });
  });

  it('is installed by root with consent only, and the error says how to give it', async () => {
    const some = await shortcomingsOf([tools[0], tools[2]], bare(true));
    expect(await problemOf(attempt(some))).toMatchObject({
      code: 'machine-not-ready',
      suggestion: 'add --yes to let arc install mmdebstrap, keyring, ffmpeg with apt-get',
      status: 4,
    });
  });

  it('is asked for once, together, where somebody can be asked', async () => {
    const done: string[] = [];
    const start = { action: 'start it', run: async () => void done.push('started') };
    const [engine] = missing(
      { code: 'no-engine', message: 'No Engine answers.' },
      { repair: { id: 'engine', after: start } },
    );
    const [kernel] = missing(
      { code: 'kernel', message: 'A setting is low.' },
      { repair: { id: 'kernel', after: { action: 'raise it', run: async () => void done.push('raised') } } },
    );
    const questions: string[] = [];
    await attempt([engine, kernel] as Shortcoming[], async (question) => void questions.push(question));
    expect(questions).toEqual(['No Engine answers. A setting is low. Start it, and raise it?']);
    expect(done).toEqual(['started', 'raised']);
    const refuse = attempt([engine] as Shortcoming[], () => Promise.reject(new Error('declined')));
    await expect(refuse).rejects.toThrow('declined');
    expect(done).toHaveLength(2);
  });
});
