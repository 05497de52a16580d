import { expect, it } from 'vitest';
import { followsSession, type SessionFilter } from './session-lines.ts';

const joined = (pid: number, room: string, session: string) =>
  JSON.stringify({ message: 'joined', pid, room, session });
const other = (pid: number, message: string) => JSON.stringify({ message, pid });

const lines = [
  other(1, 'registered'),
  joined(20, 'demo', 'AJ_1'),
  joined(30, 'sales', 'AJ_2'),
  other(20, 'turn'),
  other(30, 'turn'),
  'no JSON',
  JSON.stringify({ message: 'sending-agent', pid: 1, room: 'demo' }),
  joined(20, 'sales', 'AJ_3'),
  other(20, 'another turn'),
];

function chosen(filter: Partial<SessionFilter>): number[] {
  const isChosen = followsSession({ room: undefined, session: undefined, ...filter });
  return lines.flatMap((line, index) => (isChosen(line) ? [index] : []));
}

it('are the lines of the process that holds a conversation in a room, until another one has its number', () => {
  expect(chosen({ room: 'demo' })).toEqual([1, 3, 6]);
});

it('are the lines of one session', () => {
  expect(chosen({ session: 'AJ_2' })).toEqual([2, 4]);
});

it('are those of every conversation in a room', () => {
  expect(chosen({ room: 'sales' })).toEqual([2, 4, 7, 8]);
});

it('are none where the session was in another room', () => {
  expect(chosen({ room: 'demo', session: 'AJ_2' })).toEqual([]);
});
