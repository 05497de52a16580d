import { describe, expect, it } from 'vitest';
import type { Source } from './recording.ts';
import { missingIn } from './source-missing.ts';

/** A room in which alice publishes one voice. */
const missing = (source: Source) =>
  missingIn(source, {
    has: (identity) => identity === 'alice',
    wanted: () => [
      { sid: 'TR_voice', kind: 'audio', from: 'microphone', identity: 'alice', participantKind: 0 },
    ],
  });

describe('what a recording waits for', () => {
  it('is each of the tracks that are asked for', () => {
    expect(missing({ kind: 'tracks', audioTrackId: 'TR_voice', videoTrackId: 'TR_other' })).toBe(
      'track TR_other not found',
    );
    expect(missing({ kind: 'tracks', audioTrackId: 'TR_voice' })).toBeUndefined();
    expect(missing({ kind: 'track', trackId: 'TR_other' })).toBe('track TR_other not found');
  });

  it('is the participant, and not what they publish', () => {
    expect(missing({ kind: 'participant', identity: 'bob', screenShare: false })).toBe(
      'participant bob not found',
    );
    expect(missing({ kind: 'participant', identity: 'alice', screenShare: true })).toBeUndefined();
  });

  it('is everything that is chosen by name, and nothing of what is chosen by what it is', () => {
    const video = { identity: 'alice', screenShare: false };
    expect(missing({ kind: 'media', video, audio: [{ trackId: 'TR_other' }] })).toBe(
      'track TR_other not found',
    );
    expect(missing({ kind: 'media', video, audio: [{ identity: 'bob' }] })).toBe('participant bob not found');
    expect(missing({ kind: 'media', video, audio: [{ participantKind: 4 }] })).toBeUndefined();
    expect(missing({ kind: 'media', audio: 'all' })).toBeUndefined();
  });

  it('is nobody in a room', () => {
    expect(missing({ kind: 'room' })).toBeUndefined();
  });
});
