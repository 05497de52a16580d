import type { EgressInfo } from '@livekit/protocol';
import { describe, expect, it } from 'vitest';
import { encodingOf } from './encoding.ts';
import { compact } from './file-name.ts';
import type { PlannedOutputs } from './plan-outputs.ts';
import { namePartsOf, startingInfo } from './starting-info.ts';

const at = 1_764_460_800_123_000_000n;
const s3 = { region: 'us-east-1', bucket: 'recordings', forcePathStyle: true };
const starting = (outputs: PlannedOutputs): EgressInfo =>
  startingInfo({
    egressId: 'EG_1',
    roomId: 'RM_1',
    at,
    plan: {
      ...{ roomName: 'studio', source: { kind: 'participant', identity: 'alice', screenShare: false } },
      ...{ audio: true, video: true, encoding: encodingOf({ case: undefined }), outputs },
      shown: { case: undefined },
    },
  });
const file = (filepath: string) => ({ filepath, container: 'mp4' as const, s3 });
const segments = {
  templates: { prefix: '', playlist: 'a/{room_name}', livePlaylist: 'live', hasTimes: false },
  seconds: 4,
  s3,
};

describe('an egress that is about to begin', () => {
  it('has a start time, and its files have none yet', () => {
    const info = starting({ file: file('a') });
    expect(info).toMatchObject({ startedAt: at, updatedAt: at });
    expect(info.fileResults).toMatchObject([{ startedAt: 0n }]);
  });

  it('names its file before it records', () => {
    const info = starting({ file: file('a/') });
    // The same time as when there is something to record.
    const name = `a/studio-${compact(namePartsOf(info).at)}.mp4`;
    expect(info.fileResults[0]?.filename).toBe(name);
    expect(info.result).toMatchObject({ case: 'file', value: { filename: name } });
  });

  it('keeps placeholders in a name until their value is known', () => {
    const info = starting({ file: file('{room_id}/{publisher_identity}') });
    expect(info.fileResults[0]?.filename).toBe('RM_1/{publisher_identity}.mp4');
    const track = starting({ file: { filepath: 'a', container: 'of-the-track', s3 } });
    expect(track.fileResults).toMatchObject([{ filename: '' }]);
  });

  it('names its playlists, beside other outputs too', () => {
    const info = starting({ segments, file: file('a') });
    expect(info.segmentResults).toMatchObject([
      { playlistName: 'a/studio.m3u8', livePlaylistName: 'a/live.m3u8' },
    ]);
    expect(info.fileResults).toMatchObject([{ filename: 'a.mp4' }]);
    expect(info.result.case).toBeUndefined();
  });
});
