import { expect, it } from 'vitest';
import { agentOf } from './say-in-room.ts';

const roomWith = (...identities: string[]) => ({
  room: 'demo',
  people: 1,
  agents: identities.map((identity) => ({ identity })),
  dispatches: [],
});

it('takes the only agent of a room', () => {
  expect(agentOf({ found: roomWith('a'), identity: undefined }).identity).toBe('a');
});

it('takes the agent that is named', () => {
  expect(agentOf({ found: roomWith('a', 'b'), identity: 'b' }).identity).toBe('b');
});

it('does not choose between two agents', () => {
  expect(() => agentOf({ found: roomWith('a', 'b'), identity: undefined })).toThrow(
    'There are 2 agents in the room demo.',
  );
});

it('names a room without an agent, and an agent that is not there', () => {
  expect(() => agentOf({ found: roomWith(), identity: undefined })).toThrow(
    'There is no agent in the room demo.',
  );
  expect(() => agentOf({ found: roomWith('a'), identity: 'c' })).toThrow(
    'There is no agent c in the room demo.',
  );
});
