import { describe, expect, it } from 'vitest';
import type { Source } from './recording.ts';
import { type Published, selected } from './selection.ts';

const track = (sid: string, identity: string, from: Published['from']): Published => ({
  sid,
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
  track('voice-b', 'b', 'microphone'),
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
});
