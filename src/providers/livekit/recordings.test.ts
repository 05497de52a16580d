import {
  EgressInfo,
  EgressStatus,
  FileInfo,
  ImageOutput,
  ImagesInfo,
  ParticipantEgressRequest,
  RoomCompositeEgressRequest,
  SegmentedFileOutput,
  SegmentsInfo,
} from '@livekit/protocol';
import { describe, expect, it } from 'vitest';
import { recordingOf } from './recording-of.ts';

type Given = ConstructorParameters<typeof EgressInfo>[0];

function participant(
  given: Given,
  outputs: { segments?: readonly string[]; images?: readonly string[] } = {},
) {
  const { segments = [], images = [] } = outputs;
  const value = new ParticipantEgressRequest({
    identity: 'ada',
    segmentOutputs: segments.map((filenamePrefix) => new SegmentedFileOutput({ filenamePrefix })),
    imageOutputs: images.map((filenamePrefix) => new ImageOutput({ filenamePrefix })),
  });
  return recordingOf(
    new EgressInfo({
      egressId: 'EG_1',
      roomName: 'demo',
      request: { case: 'participant', value },
      ...given,
    }),
  );
}

const playlist = (playlistName: string, livePlaylistName = '') => ({
  segmentResults: [new SegmentsInfo({ playlistName, livePlaylistName })],
});

/** What the lists of a recording name, if each of them has this text. */
const listed = ({ lists }: ReturnType<typeof participant>, text: string) =>
  Object.fromEntries(lists.map(({ key, keysIn }) => [key, keysIn(text)]));

describe('a recording, as LiveKit knows it', () => {
  it('is of one participant alone where it was asked for by their identity', () => {
    expect(participant({})).toMatchObject({ id: 'EG_1', room: 'demo', of: 'ada' });
  });

  it('is of nobody alone where a room was asked for', () => {
    const value = new RoomCompositeEgressRequest({ roomName: 'demo' });
    expect(recordingOf(new EgressInfo({ request: { case: 'roomComposite', value } })).of).toBeUndefined();
  });

  it.each([
    [EgressStatus.EGRESS_STARTING, true],
    [EgressStatus.EGRESS_ACTIVE, true],
    [EgressStatus.EGRESS_ENDING, true],
    [EgressStatus.EGRESS_COMPLETE, false],
    [EgressStatus.EGRESS_FAILED, false],
    [EgressStatus.EGRESS_ABORTED, false],
    [EgressStatus.EGRESS_LIMIT_REACHED, false],
  ])('with status %s runs: %s', (status, isRunning) => {
    expect(participant({ status }).isRunning).toBe(isRunning);
  });

  it('has the files that it names', () => {
    const fileResults = [new FileInfo({ filename: 'a/1.mp4' }), new FileInfo()];
    expect(participant({ fileResults }).files).toEqual(['a/1.mp4']);
  });

  it('has the segments that stand in its playlists, which need not be named after them', () => {
    const text = '#EXTM3U\r\n#EXTINF:4.000,\r\nseg_00000.ts\n#EXTINF:4.000,\nsub/seg_20261130214604123.ts\n';
    expect(listed(participant(playlist('a/list.m3u8', 'a/live.m3u8')), text)).toEqual({
      'a/list.m3u8': ['a/seg_00000.ts', 'a/sub/seg_20261130214604123.ts'],
      'a/live.m3u8': ['a/seg_00000.ts', 'a/sub/seg_20261130214604123.ts'],
    });
    expect(listed(participant(playlist('list.m3u8')), 'seg_00000.ts')).toEqual({
      'list.m3u8': ['seg_00000.ts'],
    });
  });

  it('takes nothing from a playlist that no egress would have written', () => {
    const text =
      '../b/seg_00000.ts\n/b/seg_00000.ts\nhttps://example.com/seg_00000.ts\nbob.mp4\nseg_bob.ts\n';
    expect(listed(participant(playlist('a/list.m3u8')), text)).toEqual({ 'a/list.m3u8': [] });
  });

  it('has the files, segments and images that stand in its manifest, beside each of its outputs', () => {
    const recording = participant({
      fileResults: [new FileInfo({ filename: 'a/1.mp4' })],
      imageResults: [new ImagesInfo({ filenamePrefix: 'pictures/ada' })],
      manifestLocation: 'https://storage/recordings/a/EG_1.json',
    });
    const text = JSON.stringify({
      egress_id: 'EG_1',
      files: [{ filename: 'a/1.mp4' }],
      playlists: [{ location: 'x', segments: [{ filename: 'a/seg_00000.ts' }] }, {}],
      images: [{ filename: 'pictures/ada_00000.jpeg' }],
    });
    const keys = ['a/1.mp4', 'a/seg_00000.ts', 'pictures/ada_00000.jpeg'];
    expect(listed(recording, text)).toEqual({ 'a/EG_1.json': keys, 'pictures/EG_1.json': keys });
  });

  it.each(['no JSON', '{"egress_id":"EG_2"}', 'null'])(
    'refuses a manifest that is not its own: %s',
    (text) => {
      const recording = participant({
        fileResults: [new FileInfo({ filename: '1.mp4' })],
        manifestLocation: 'https://storage/recordings/EG_1.json',
      });
      expect(() => listed(recording, text)).toThrow('EG_1.json is not the manifest of recording EG_1');
    },
  );

  it('has no manifest where the server names none', () => {
    expect(participant({ fileResults: [new FileInfo({ filename: '1.mp4' })] }).lists).toEqual([]);
  });
});

describe('a name is like those of its segments and images', () => {
  it.each([
    ['demo_00000.ts', true],
    ['demo_20261130214604123.ts', true],
    ['demo_bob.mp4', false],
    ['demo_2026.mp4', false],
    ['demo_bob_00000.ts', false],
    ['demo2_00000.ts', false],
  ])('where it has the name of the playlist and a number or time: %s (%s)', (key, expected) => {
    expect(participant(playlist('demo.m3u8')).resembles(key)).toBe(expected);
  });

  it('where it has the prefix that was asked for', () => {
    const { resembles } = participant(playlist('a/list.m3u8'), {
      segments: ['a/{publisher_identity}-{time}-seg'],
    });
    expect(resembles('a/ada-2026-11-30T214604-seg_00000.ts')).toBe(true);
    expect(resembles('a/bob-2026-11-30T214604-seg_00000.ts')).toBe(false);
    expect(resembles('a/list_00000.ts')).toBe(true);
  });

  it('where only a folder of them was asked for', () => {
    const { resembles } = participant(playlist('a/list.m3u8'), { segments: ['a/segments/'] });
    expect(resembles('a/segments/list_00000.ts')).toBe(true);
    expect(resembles('b/list_00000.ts')).toBe(false);
  });

  it.each(['', 'pictures/'])(
    'where images have the name of the room, in the folder "%s"',
    (filenamePrefix) => {
      const { resembles } = participant({ imageResults: [new ImagesInfo({ filenamePrefix })] });
      expect(resembles(`${filenamePrefix}demo-2026-11-30T214604_00000.jpeg`)).toBe(true);
      expect(resembles(`${filenamePrefix}other-2026-11-30T214604_00000.jpeg`)).toBe(false);
    },
  );

  it('where a room was asked for in the older shape', () => {
    const output = { case: 'segments', value: new SegmentedFileOutput({ filenamePrefix: 'seg' }) } as const;
    const value = new RoomCompositeEgressRequest({ output });
    const { resembles } = recordingOf(new EgressInfo({ request: { case: 'roomComposite', value } }));
    expect(resembles('seg_00001.ts')).toBe(true);
  });

  it.each([
    ['pictures/ada_00000.jpeg', true],
    ['pictures/ada_20261130214604123.jpeg', true],
    ['pictures/ada.jpeg', true],
    ['pictures/adam.jpeg', false],
    ['pictures/ada_bob.jpeg', false],
  ])('where it has the prefix of an image: %s (%s)', (key, expected) => {
    const imageResults = [new ImagesInfo({ filenamePrefix: 'pictures/ada' })];
    expect(participant({ imageResults }).resembles(key)).toBe(expected);
    expect(participant({}, { images: ['pictures/{publisher_identity}'] }).resembles(key)).toBe(expected);
  });

  it('and none is where nothing is named', () => {
    expect(participant({}).resembles('_00000.ts')).toBe(false);
  });
});
