import { AgentDispatch, ParticipantInfo } from '@livekit/protocol';
import { describe, expect, it } from 'vitest';
import { roomOf } from './agents.ts';

const dispatched = [
  new AgentDispatch({
    id: 'AD_1',
    agentName: 'guide',
    state: {
      createdAt: 1_700_000_000_000_000_000n,
      jobs: [{ id: 'AJ_1', state: { participantIdentity: 'agent-AJ_1' } }],
    },
  }),
  new AgentDispatch({ id: 'AD_2', agentName: 'nobody', state: {} }),
];
const present = [
  new ParticipantInfo({ identity: 'ada' }),
  new ParticipantInfo({ identity: 'recorder', permission: { hidden: true } }),
  new ParticipantInfo({ identity: 'agent-AJ_1', kind: 4, attributes: { 'lk.agent.state': 'listening' } }),
  new ParticipantInfo({ identity: 'agent-other', kind: 4 }),
];

describe('agents of a room', () => {
  it('are the ones that are there, each with the job that brought it', () => {
    expect(roomOf({ room: 'demo', present, dispatched })).toMatchObject({
      people: 1,
      agents: [
        { identity: 'agent-AJ_1', job: 'AJ_1', name: 'guide', state: 'listening' },
        { identity: 'agent-other' },
      ],
    });
  });

  it('are gone when they have left, whatever the server remembers of their jobs', () => {
    expect(roomOf({ room: 'demo', present: [], dispatched }).agents).toEqual([]);
  });

  it('have dispatches, also those that nobody took', () => {
    const { dispatches } = roomOf({ room: 'demo', present, dispatched });
    expect(dispatches.map(({ id, job }) => [id, job?.id])).toEqual([
      ['AD_1', 'AJ_1'],
      ['AD_2', undefined],
    ]);
  });
});
