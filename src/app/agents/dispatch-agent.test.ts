import { describe, expect, it } from 'vitest';
import { notSent, requireRoom } from './dispatch-agent.ts';

const createdAt = new Date(0);
const worker = (name: string, more: object = {}) => ({
  role: name || 'agent',
  container: `arc-${name || 'agent'}`,
  info: { name, conversations: 2, sdk: '1.9.0' },
  ...more,
});

describe('an order that nobody took', () => {
  it('says what the workers of that name do', () => {
    const { message, problems } = notSent({
      dispatch: { id: 'AD_1', name: '', createdAt },
      room: 'demo',
      workers: [worker(''), worker('guide')],
    });
    expect(message).toBe('No worker took the order to send an agent to the room demo.');
    expect(problems[0].detail).toEqual(['arc-agent is registered and holds 2 conversations']);
  });

  it('says why a worker takes nobody', () => {
    const workers = [worker('', { away: '503 Service Unavailable, expected 200' })];
    const { problems } = notSent({ dispatch: { id: 'AD_1', name: '', createdAt }, room: 'demo', workers });
    expect(problems[0].detail).toEqual(['arc-agent takes nobody: 503 Service Unavailable, expected 200']);
  });

  it('for a name that no worker has, says that others are not seen, and which name is like it', () => {
    const { problems } = notSent({
      dispatch: { id: 'AD_1', name: 'giude', createdAt },
      room: 'demo',
      workers: [worker('guide')],
    });
    expect(problems[0].detail?.[0]).toContain('arc does not see workers of others');
    expect(problems[0].suggestion).toBe('did you mean `guide`?');
  });

  it('has the words of the server where the agent failed', () => {
    const dispatch = {
      id: 'AD_1',
      name: '',
      createdAt,
      job: { id: 'AJ_1', error: 'agent worker left the room' },
    };
    expect(notSent({ dispatch, room: 'demo', workers: [] }).message).toBe(
      'The agent that was sent to the room demo failed: agent worker left the room.',
    );
  });
});

describe('a room', () => {
  const rooms = [{ room: 'demo', people: 1, agents: [], dispatches: [] }];

  it('that is not open is named, with the one that is meant', () => {
    expect(() => requireRoom({ rooms, room: 'dmeo' })).toThrow('There is no room dmeo.');
    try {
      requireRoom({ rooms, room: 'dmeo' });
    } catch (error) {
      expect(error).toMatchObject({ code: 'no-room', problems: [{ suggestion: 'did you mean `demo`?' }] });
    }
  });

  it('is found by its name', () => {
    expect(requireRoom({ rooms, room: 'demo' }).people).toBe(1);
  });
});
