import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dispose, Room } from '@livekit/rtc-node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { resultOf, runArc } from '../support/run-arc.ts';
import { openStage, type Stage } from '../support/stage.ts';
import { until } from '../support/until.ts';

const url = 'ws://127.0.0.1:7880';

describe('arc init --agent in an empty folder', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'arc-init-agent-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('makes a workspace with the agent and what it needs, which is valid', async () => {
    const made = await runArc(['init', '--agent', 'guide', '--yes', '--json'], { cwd: folder });
    const { services } = resultOf<{ services: string[] }>(made.stdout);
    expect(services).toEqual(expect.arrayContaining(['realtime', 'speech', 'brain', 'guide']));
    expect((await runArc(['validate'], { cwd: folder })).exitCode).toBe(0);
  });

  it('adds another one to it, and changes no file of the first', async () => {
    const before = readFileSync(join(folder, 'services/guide/program/agent.ts'), 'utf8');
    const { exitCode } = await runArc(['init', '--agent', 'host'], { cwd: folder });
    expect(exitCode).toBe(0);
    expect(readFileSync(join(folder, 'services/guide/program/agent.ts'), 'utf8')).toBe(before);
    expect((await runArc(['validate'], { cwd: folder })).exitCode).toBe(0);
  });

  it.each([
    ['guide', 'a service or a profile has that name'],
    ['think', 'a service or a profile has that name'],
    ['The Guide', 'it takes letters, digits and dashes'],
  ])('refuses the name %j', async (name, because) => {
    const { exitCode, output } = await runArc(['init', '--agent', name], { cwd: folder });
    expect([exitCode, output]).toEqual([2, expect.stringContaining(because)]);
  });
});

describe('an agent of a person’s own', () => {
  let stage: Stage;
  let room: Room;
  beforeAll(async () => {
    stage = await openStage();
    await stage.succeed(['init', '--agent', 'guide']);
    await stage.succeed(['up', 'guide', '--bases', 'local', '--yes'], { limitMilliseconds: 600_000 });
    const { stdout } = await stage.succeed(['token', '--room', 'demo', '--identity', 'ada', '--json'], {
      answersWithSecret: true,
    });
    room = new Room();
    await room.connect(url, resultOf<{ token: string }>(stdout).token, {
      autoSubscribe: true,
      dynacast: false,
    });
  }, 900_000);
  afterAll(async () => {
    await room?.disconnect();
    await dispose();
    await stage?.close();
  });

  const agents = async (): Promise<{ name: string | null }[]> => {
    const { stdout } = await stage.succeed(['agents', 'list', '--json']);
    return resultOf<{ rooms: { agents: { name: string | null }[] }[] }>(stdout).rooms[0]?.agents ?? [];
  };

  it('joins no room by itself, and the one that it is dispatched to', async () => {
    expect(await agents()).toEqual([]);
    await stage.succeed([
      'agents',
      'dispatch',
      'demo',
      '--agent',
      'guide',
      '--metadata',
      '{"language":"en"}',
    ]);
    const there = await until({
      what: 'the agent in the room',
      limitMilliseconds: 120_000,
      ask: async () => {
        const found = await agents();
        return found.length > 0 ? found : undefined;
      },
    });
    expect(there).toMatchObject([{ name: 'guide' }]);
  }, 180_000);

  it('says what it is told to', async () => {
    const { stdout } = await stage.succeed(['agents', 'say', 'demo', 'I am your guide.', '--json']);
    expect(resultOf<{ outcome: string }>(stdout).outcome).toBe('said');
  }, 180_000);
});
