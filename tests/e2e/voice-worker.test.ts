import { dispose } from '@livekit/rtc-node';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { VoiceCaller } from '../../src/providers/livekit/voice/caller.ts';
import { roomService } from '../support/rooms.ts';
import { openStage, type Stage } from '../support/stage.ts';
import { until } from '../support/until.ts';
import { joinRoom } from '../support/voice-call.ts';

// What the agent's worker does about rooms, in this order, with room for one conversation.
let stage: Stage;
const callers: VoiceCaller[] = [];

beforeAll(async () => {
  stage = await openStage();
  await stage.succeed(['up', 'agent', '--bases', 'local', '--yes', '--set', 'agent_conversations=1']);
}, 900_000);
afterAll(async () => {
  await Promise.all(callers.map((caller) => caller.leave()));
  await dispose();
  await stage?.close();
});

const join = async (room: string, identity: string) => {
  const caller = await joinRoom({ stage, room, identity });
  callers.push(caller);
  return caller;
};

/** Identities of agents in a room that have a voice there: one that is only about to come joins again by itself. */
async function agentsIn(room: string): Promise<readonly string[]> {
  return (await roomService().listParticipants(room))
    .filter(({ kind, tracks }) => kind === 4 && tracks.length > 0)
    .map(({ identity }) => identity);
}

describe('a worker with room for one conversation', () => {
  it('keeps no process for the next one', async () => {
    const { stdout } = await execa('docker', ['top', 'arc-agent', '-eo', 'pid,args']);
    expect(stdout).toContain('main.ts');
    expect(stdout).not.toContain('job_proc');
  });

  it('sends an agent to the first room', async () => {
    await join('first', 'ada');
    await until({
      what: 'an agent in the first room',
      ask: async () => (await agentsIn('first')).length === 1,
    });
  });

  it('sends another one where the agent fell out', async () => {
    const [before = ''] = await agentsIn('first');
    await roomService().removeParticipant('first', before);
    await until({
      what: 'another agent in the first room',
      ask: async () => (await agentsIn('first')).some((identity) => identity !== before),
    });
    expect(await agentsIn('first')).toHaveLength(1);
  });

  it('tells the next room that it is full, and sends an agent when the first conversation has ended', async () => {
    const bob = await join('second', 'bob');
    await until({
      what: 'that the agent is full',
      ask: () => bob.messages.some(({ topic, text }) => topic === 'arc.agent' && text === '{"state":"full"}'),
    });
    expect(await agentsIn('second')).toEqual([]);
    await callers.shift()?.leave();
    await until({
      what: 'an agent in the second room',
      ask: async () => (await agentsIn('second')).length === 1,
    });
  });
});

it('what a conversation does before it begins tells a fault with its words', async () => {
  const ran = await execa(
    'docker',
    ['exec', '-e', 'AGENT_TURN_DETECTOR=guess', 'arc-agent', 'node', '/opt/voice/agent/warm-up.ts'],
    { reject: false },
  );
  expect(ran.exitCode).toBe(1);
  expect(ran.stdout).toContain('AGENT_TURN_DETECTOR has to be v1-mini or silence.');
});
