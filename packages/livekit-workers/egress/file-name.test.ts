import { describe, expect, it } from 'vitest';
import { objectName } from './file-name.ts';

const parts = {
  roomName: 'studio',
  roomId: 'RM_1',
  publisherIdentity: '',
  trackId: '',
  trackType: '',
  trackSource: '',
  at: new Date('2026-11-21T19:06:15.123Z'),
};
const ofTrack = {
  ...parts,
  publisherIdentity: 'alice',
  trackId: 'TR_1',
  trackType: 'audio',
  trackSource: 'microphone',
};

describe('the name of a recording', () => {
  it.each([
    ['a.mp4', 'a.mp4'],
    ['a', 'a.mp4'],
    ['a.ogg', 'a.mp4'],
    ['meeting 3.5', 'meeting 3.5.mp4'],
    ['', 'studio-2026-11-21T190615.mp4'],
    ['folder/', 'folder/studio-2026-11-21T190615.mp4'],
    ['{room_name}/{room_id}-{time}-{utc}', 'studio/RM_1-2026-11-21T190615-20261121190615123.mp4'],
    ['{room_name}-{other}', 'studio-{other}.mp4'],
    ['../../etc/passwd', 'etc/passwd.mp4'],
    ['/absolute/a', 'absolute/a.mp4'],
    ['a/../../b', 'b.mp4'],
    ['..', 'studio-2026-11-21T190615.mp4'],
  ])('that is asked for as %j is %j', (template, name) => {
    expect(objectName({ template, parts, container: 'mp4' })).toBe(name);
  });

  it('that is not asked for is that of the room, whoever is recorded in it, and of a track alone its own', () => {
    const ofParticipant = { ...parts, publisherIdentity: 'alice' };
    const named = (of: typeof parts) => objectName({ template: 'a/', parts: of, container: 'mp4' });
    expect(named(ofParticipant)).toBe('a/studio-2026-11-21T190615.mp4');
    expect(named(ofTrack)).toBe('a/TR_1-2026-11-21T190615.mp4');
  });

  it('may have in it what is recorded', () => {
    const template = '{publisher_identity}/{track_type}-{track_source}-{track_id}';
    expect(objectName({ template, parts: ofTrack, container: 'ogg' })).toBe(
      'alice/audio-microphone-TR_1.ogg',
    );
  });

  it('does not lead out of the bucket by what participants call themselves', () => {
    const name = objectName({
      template: 'recordings/{publisher_identity}',
      parts: { ...ofTrack, publisherIdentity: '../../elsewhere' },
      container: 'mp4',
    });
    expect(name).toBe('recordings/elsewhere.mp4');
  });
});
