import { EventEmitter } from 'node:events';
import { DisconnectReason, type Room, RoomEvent } from '@livekit/rtc-node';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { onSessionEnd, type SessionEnd } from './session-end.ts';

const limit = 30_000;
let room: EventEmitter;
let ends: SessionEnd[];
let forget: () => void;
beforeEach(() => {
  vi.useFakeTimers();
  room = new EventEmitter();
  ends = [];
  forget = onSessionEnd(room as unknown as Pick<Room, 'on'>, (how) => ends.push(how), limit);
});
afterEach(() => vi.useRealTimers());

describe('a session', () => {
  it.each([
    ['lost', 'SIGNAL_CLOSE'],
    ['lost', 'SERVER_SHUTDOWN'],
    ['over', 'ROOM_DELETED'],
    ['over', 'PARTICIPANT_REMOVED'],
    ['over', 'DUPLICATE_IDENTITY'],
  ] as const)('is %s after %s', (how, reason) => {
    room.emit(RoomEvent.Disconnected, DisconnectReason[reason]);
    expect(ends).toEqual([how]);
  });

  it('goes on where the connection comes back', () => {
    room.emit(RoomEvent.Reconnecting);
    vi.advanceTimersByTime(limit - 1);
    room.emit(RoomEvent.Reconnected);
    vi.advanceTimersByTime(limit);
    expect(ends).toEqual([]);
  });

  it('is lost, once, where the connection does not come back', () => {
    room.emit(RoomEvent.Reconnecting);
    vi.advanceTimersByTime(limit);
    room.emit(RoomEvent.Disconnected, DisconnectReason.UNKNOWN_REASON);
    expect(ends).toEqual(['lost']);
  });

  it('tells nothing to whoever leaves', () => {
    room.emit(RoomEvent.Reconnecting);
    forget();
    room.emit(RoomEvent.Disconnected, DisconnectReason.CLIENT_INITIATED);
    vi.advanceTimersByTime(limit);
    expect(ends).toEqual([]);
  });
});
