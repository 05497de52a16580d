import { describe, expect, it } from 'vitest';
import type { Source } from './recording.ts';
import { type Published, selected } from './selection.ts';

const agent = 4;
const track = (sid: string, identity: string, from: Published['from'], participantKind = 0): Published => ({
  sid,
  participantKind,
  identity,
  from,
  kind: from === 'microphone' || from === 'screen-audio' ? 'audio' : 'video',
});
const published = [
  track('camera-a', 'a', 'camera'),
  track('voice-a', 'a', 'microphone'),
  track('screen-a', 'a', 'screen'),
  track('sound-a', 'a', 'screen-audio'),
  track('second-a', 'a', 'camera'),
  track('camera-b', 'b', 'camera'),
  track('voice-b', 'b', 'microphone', agent),
];
const of = (source: Source, has = { audio: true, video: true }) =>
  selected({ source, ...has, published }).map(({ sid }) => sid);

describe('what is recorded', () => {
  it('of a participant is the camera and the microphone', () => {
    expect(of({ kind: 'participant', identity: 'a', screenShare: false })).toEqual(['camera-a', 'voice-a']);
  });
  it('of what a participant shares is the screen and its sound', () => {
    expect(of({ kind: 'participant', identity: 'a', screenShare: true })).toEqual(['screen-a', 'sound-a']);
  });
  it('of two tracks is each as what it was asked for', () => {
    expect(of({ kind: 'tracks', audioTrackId: 'voice-b', videoTrackId: 'screen-a' })).toEqual([
      'screen-a',
      'voice-b',
    ]);
    expect(of({ kind: 'tracks', audioTrackId: 'screen-a' })).toEqual([]);
  });
  it('of a track is that one', () => {
    expect(of({ kind: 'track', trackId: 'sound-a' })).toEqual(['sound-a']);
  });
  it('of a room is everything', () => {
    expect(of({ kind: 'room' })).toHaveLength(published.length);
  });
  it('of a room that is only heard is every voice', () => {
    expect(of({ kind: 'room' }, { audio: true, video: false })).toEqual(['voice-a', 'sound-a', 'voice-b']);
  });
  it('is nothing of who is not there', () => {
    expect(of({ kind: 'participant', identity: 'c', screenShare: false })).toEqual([]);
  });
  it('of media is one picture and any sound, chosen by track, by who it is of, or by what they are', () => {
    const camera = { identity: 'a', screenShare: false };
    expect(of({ kind: 'media', video: camera, audio: 'all' })).toEqual([
      'camera-a',
      'voice-a',
      'sound-a',
      'voice-b',
    ]);
    expect(of({ kind: 'media', video: { trackId: 'camera-b' } })).toEqual(['camera-b']);
    expect(of({ kind: 'media', audio: [{ trackId: 'voice-a' }, { participantKind: agent }] })).toEqual([
      'voice-a',
      'voice-b',
    ]);
    expect(of({ kind: 'media', audio: [{ identity: 'b' }] })).toEqual(['voice-b']);
  });
});
