import { beforeAll, describe, expect, test } from 'vitest';
import { type Builtin, readBuiltin } from '../../scaffold/builtin.ts';
import type { Cli } from '../cli.ts';
import { gatherChoices, type InitFlags, imagesPlace, projectName } from './answers.ts';

let builtin: Builtin;
beforeAll(async () => {
  builtin = await readBuiltin();
});

const nobody = { signal: new AbortController().signal } as Cli;
const gather = (flags: InitFlags) =>
  gatherChoices({ flags, builtin, root: '/home/me/My Stack', origin: undefined, cli: nobody });

test.each([
  ['My Stack', 'my-stack'],
  ['demo_2', 'demo_2'],
  ['--x--', 'x'],
  ['音声', 'arc'],
  ['', 'arc'],
])('the folder "%s" gives the project %s', (folder, project) => {
  expect(projectName(folder)).toBe(project);
});

test('--yes takes the first offer for whatever no flag says: one UDP port, not a range', async () => {
  expect(await gather({ yes: true })).toEqual({
    project: 'my-stack',
    images: 'localhost/my-stack',
    services: ['realtime'],
    settings: { media: 'mux', node_ip: '127.0.0.1' },
    names: 'manifest',
    ports: 0,
  });
});

test('with every flag nothing is asked', async () => {
  expect(
    await gather({ project: 'demo', services: 'realtime, cache', media: 'range', nodeIp: 'lan' }),
  ).toEqual({
    project: 'demo',
    images: 'localhost/demo',
    services: ['realtime', 'cache'],
    settings: { media: 'range', node_ip: 'lan' },
    names: 'manifest',
    ports: 0,
  });
});

test.each([
  ['git@github.com:Ada/demo.git', 'ghcr.io/ada'],
  ['https://gitlab.com/ada/demo', 'localhost/de-mo'],
  [undefined, 'localhost/de-mo'],
])('images of a clone of %s go to %s', (origin, place) => {
  expect(imagesPlace({ origin, project: 'de_-mo-' })).toBe(place);
});

test('images go where the flag says', async () => {
  expect(await gather({ yes: true, images: 'quay.io/ada' })).toMatchObject({ images: 'quay.io/ada' });
});

test('settings that no chosen service has are not asked for', async () => {
  expect(await gather({ project: 'store', services: 'cache,storage' })).toEqual({
    project: 'store',
    images: 'localhost/store',
    services: ['cache', 'storage'],
    settings: {},
    names: 'manifest',
    ports: 0,
  });
});

describe('without a terminal', () => {
  test('a missing answer is an error that names the flag', async () => {
    await expect(gather({ project: 'demo' })).rejects.toMatchObject({
      code: 'needs-answers',
      status: 2,
      problems: [{ suggestion: 'add --services, or --yes to take the defaults' }],
    });
  });

  test.each([
    [{ project: 'My Stack' }, '--project cannot be "My Stack"'],
    [{ images: 'ghcr.io/Ada' }, '--images cannot be "ghcr.io/Ada"'],
    [{ services: 'realtime,postgres' }, 'the built-in services are '],
    [{ media: 'tcp' }, 'it takes mux or range'],
    [{ nodeIp: 'localhost' }, 'it takes an IP address, lan or public'],
    [{ names: 'mine' }, '--names cannot be "mine": it takes manifest or project'],
    [{ ports: '70000' }, '--ports cannot be "70000"'],
    [{ ports: 'some' }, 'it takes a number to add to ports, such as 1000, or auto'],
    [{ services: 'cache', media: 'mux' }, 'none of the chosen services has that setting'],
  ] as const)('%j is refused', async (flags, reason) => {
    await expect(gather({ ...flags, yes: true })).rejects.toMatchObject({
      code: 'bad-flag',
      message: expect.stringContaining(reason),
    });
  });
});

describe('beside another stack', () => {
  const all = { project: 'demo', services: 'cache' };
  const asked = (answer: boolean) => {
    const questions: string[] = [];
    const confirm = async (question: string) => {
      questions.push(question);
      return answer;
    };
    const cli = { ...nobody, ask: { confirm, type: async () => '' } };
    const gathered = (flags: InitFlags) =>
      gatherChoices({ flags: { ...all, ...flags }, builtin, root: '/home/me/x', origin: undefined, cli });
    return { questions, gathered };
  };

  test('names and ports are its own where a person says so', async () => {
    const { questions, gathered } = asked(true);
    expect(await gathered({})).toMatchObject({ names: 'project', ports: 'auto' });
    expect(questions).toEqual([
      'Run it beside another stack on one Engine, with names and ports of its own?',
    ]);
    expect(await asked(false).gathered({})).toMatchObject({ names: 'manifest', ports: 0 });
  });

  test('nothing is asked where a flag says it', async () => {
    const { questions, gathered } = asked(false);
    expect(await gathered({ names: 'project', ports: '1000' })).toMatchObject({
      names: 'project',
      ports: 1000,
    });
    expect(await gathered({ ports: 'auto' })).toMatchObject({ names: 'manifest', ports: 'auto' });
    expect(questions).toEqual([]);
  });
});
