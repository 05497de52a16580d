import { readdirSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join, posix } from 'node:path';
import { SegmentedFileOutput, SegmentedFileSuffix, EgressStatus as Status } from '@livekit/protocol';
import { EncodedFileOutput } from 'livekit-server-sdk';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EgressStage, openEgressStage, type WorkerProcess } from '../support/egress-stage.ts';
import { apartIn, apartTolerance, lookAt, type Recorded } from '../support/recorded.ts';
import { until } from '../support/until.ts';

// Recordings of the embedded egress worker that are cut into segments (HLS), with the real server, Redis and storage.

let stage: EgressStage;
let worker: WorkerProcess;
beforeAll(async () => {
  stage = await openEgressStage();
  worker = await stage.startWorker();
});
afterAll(() => stage?.close());

/** A playlist, and all that is in it, played. */
async function played(playlist: string): Promise<Recorded & { text: string; names: readonly string[] }> {
  const folder = join(stage.folder, playlist.replaceAll('/', '-'));
  await mkdir(folder, { recursive: true });
  const text = (await stage.object(playlist)).toString();
  const names = text.split('\n').filter((line) => line.endsWith('.ts'));
  const path = join(folder, 'playlist.m3u8');
  await writeFile(path, text);
  for (const name of names) {
    await mkdir(posix.dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), await stage.object(join(posix.dirname(playlist), name)));
  }
  return { ...(await lookAt(path)), text, names };
}

const segments = (fields: ConstructorParameters<typeof SegmentedFileOutput>[0]) =>
  new SegmentedFileOutput({ segmentDuration: 2, ...fields });

describe('a recording in segments', () => {
  it('of a participant can be watched while it lasts, and lies whole in the bucket then', async () => {
    await stage.publisher('live');
    const info = await stage.egress.startParticipantEgress('live', 'camera', {
      segments: segments({
        filenamePrefix: 'live/{publisher_identity}',
        playlistName: 'live/all',
        livePlaylistName: 'live/now.m3u8',
      }),
    });
    expect(info.segmentResults).toMatchObject([
      { playlistName: 'live/all.m3u8', livePlaylistName: 'live/now.m3u8', startedAt: 0n },
    ]);
    await until({ what: 'a segment', ask: async () => (await stage.objects('live/')).length >= 3 });
    const now = (await stage.object('live/now.m3u8')).toString();
    expect(now).toContain('camera_00000.ts');
    expect(now).not.toContain('ENDLIST');
    await stage.recordFor(info, 7);
    await stage.egress.stopEgress(info.egressId);
    const done = await stage.untilStatus(info, Status.EGRESS_COMPLETE);
    const [result] = done.segmentResults;
    const count = Number(result?.segmentCount);
    expect(count).toBeGreaterThanOrEqual(4);
    expect(done.segmentResults).toMatchObject([
      {
        playlistName: 'live/all.m3u8',
        livePlaylistName: 'live/now.m3u8',
        playlistLocation: 'https://127.0.0.1:9000/recordings/live/all.m3u8',
        livePlaylistLocation: 'https://127.0.0.1:9000/recordings/live/now.m3u8',
      },
    ]);
    expect(done.result).toMatchObject({ case: 'segments' });
    const all = await played('live/all.m3u8');
    expect(all.text).toContain('#EXT-X-ENDLIST');
    expect(all.names).toEqual(Array.from({ length: count }, (_, index) => `camera_0000${index}.ts`));
    expect(all).toMatchObject({ width: 1280, height: 720 });
    expect(Math.abs(all.seconds - Number(result?.duration) / 1e9)).toBeLessThan(0.3);
    const apart = apartIn(all);
    expect(apart.length).toBeGreaterThanOrEqual(4);
    expect(Math.max(...apart)).toBeLessThan(apartTolerance);
    expect(readdirSync(stage.scratch)).toEqual([]);
  });

  it('of two tracks may be a file as well, and may have times in its names', async () => {
    const { audio, video } = await stage.publisher('both');
    const outputs = {
      file: new EncodedFileOutput({ filepath: 'both/file' }),
      segments: segments({ filenamePrefix: 'both/part', filenameSuffix: SegmentedFileSuffix.TIMESTAMP }),
    };
    const info = await stage.egress.startTrackCompositeEgress('both', outputs, {
      audioTrackId: audio,
      videoTrackId: video,
    });
    await stage.recordFor(info, 3);
    await stage.egress.stopEgress(info.egressId);
    const done = await stage.untilStatus(info, Status.EGRESS_COMPLETE);
    expect(done.result).toMatchObject({ case: undefined });
    const cut = await played('both/part.m3u8');
    for (const name of cut.names) expect(name).toMatch(/^part_20\d{15}\.ts$/);
    const whole = await lookAt(await stage.fetched('both/file.mp4'));
    expect(whole.seconds).toBeCloseTo(cut.seconds, 0);
    expect(whole.numbers.at(-1)).toBe(cut.numbers.at(-1));
  });

  it('of a room that is only heard has sound alone', async () => {
    await stage.publisher('sound');
    const output = segments({ playlistName: 'sound/{room_name}' });
    const info = await stage.egress.startRoomCompositeEgress(
      'sound',
      { segments: output },
      { audioOnly: true },
    );
    await stage.recordFor(info, 4);
    await stage.egress.stopEgress(info.egressId);
    await stage.untilStatus(info, Status.EGRESS_COMPLETE);
    const heard = await played('sound/sound.m3u8');
    expect(heard.width).toBe(0);
    expect(heard.beeps.length).toBeGreaterThanOrEqual(3);
  });

  it('whose worker was killed is whole as far as it came, at its next start', async () => {
    await stage.publisher('killed');
    const info = await stage.egress.startRoomCompositeEgress('killed', {
      segments: segments({ filenamePrefix: 'killed/a' }),
    });
    await stage.recordFor(info, 5);
    worker.child.kill('SIGKILL');
    await worker.child;
    worker = await stage.startWorker();
    await stage.untilStatus(info, Status.EGRESS_FAILED);
    await until({
      what: 'the playlist',
      ask: async () => (await stage.stateOf(info)).segmentResults[0]?.playlistLocation,
    });
    const cut = await played('killed/a.m3u8');
    expect(cut.text).toContain('ENDLIST');
    expect(cut.seconds).toBeGreaterThan(4);
    expect(readdirSync(stage.scratch)).toEqual([]);
  });
});
