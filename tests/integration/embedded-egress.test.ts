import { type EgressInfo, EgressStatus as Status } from '@livekit/protocol';
import { DirectFileOutput, type EgressClient, EncodedFileOutput, EncodedFileType } from 'livekit-server-sdk';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EgressStage, openEgressStage } from '../support/egress-stage.ts';
import { expectLength } from '../support/expect-length.ts';
import { apartIn, apartTolerance, lookAt, missingPictures, type Recorded } from '../support/recorded.ts';

// The embedded egress worker with the real server, Redis and storage, and a participant who publishes a picture that counts and a
// tone that beeps. The API is LiveKit's own, through its SDK; what was recorded is looked at by ffmpeg.

let stage: EgressStage;
let egress: EgressClient;
beforeAll(async () => {
  stage = await openEgressStage();
  await stage.startWorker();
  egress = stage.egress;
});
afterAll(() => stage?.close());

const publisher: EgressStage['publisher'] = (...who) => stage.publisher(...who);
const recordFor: EgressStage['recordFor'] = (...what) => stage.recordFor(...what);
const untilStatus: EgressStage['untilStatus'] = (...what) => stage.untilStatus(...what);
async function objectOf(info: EgressInfo): Promise<Recorded> {
  const [{ filename = '', size } = {}] = info.fileResults;
  expect(BigInt((await stage.object(filename)).length)).toBe(size);
  return lookAt(await stage.fetched(filename));
}

const file = (filepath: string) => new EncodedFileOutput({ filepath });
function expectWholePicture(recorded: Recorded): void {
  expect(missingPictures(recorded)).toBeLessThanOrEqual(2);
}
function expectInTime(recorded: Recorded): void {
  const apart = apartIn(recorded);
  expect(apart.length).toBeGreaterThanOrEqual(2);
  expect(Math.max(...apart)).toBeLessThan(apartTolerance);
}

describe('a recording', () => {
  it('of a participant is in the bucket: complete, in sync, and as long as the API says', async () => {
    await publisher('participant');
    const info = await egress.startParticipantEgress('participant', 'camera', {
      file: file('{room_name}/a'),
    });
    expect(info).toMatchObject({
      status: Status.EGRESS_STARTING,
      fileResults: [{ filename: 'participant/a.mp4', startedAt: 0n }],
    });
    expect(info.startedAt).toBeGreaterThan(0n);
    await recordFor(info, 5);
    expect((await egress.stopEgress(info.egressId)).status).toBe(Status.EGRESS_ENDING);
    const done = await untilStatus(info, Status.EGRESS_COMPLETE);
    expect(done).toMatchObject({ roomName: 'participant', error: '', details: 'End reason: StopEgress API' });
    expect(done.startedAt).toBe(info.startedAt);
    expect(done.fileResults[0]?.startedAt).toBeGreaterThan(done.startedAt);
    expect(done.fileResults[0]).toMatchObject({
      filename: 'participant/a.mp4',
      location: 'https://127.0.0.1:9000/recordings/participant/a.mp4',
    });
    const recorded = await objectOf(done);
    expect(recorded).toMatchObject({ width: 1280, height: 720 });
    expectLength(recorded, done);
    expectWholePicture(recorded);
    expectInTime(recorded);
  });

  it('of two tracks ends when they end, and is named after the room in the requested folder', async () => {
    const { audio, video, leave } = await publisher('tracks');
    const info = await egress.startTrackCompositeEgress('tracks', file('tracks/'), {
      audioTrackId: audio,
      videoTrackId: video,
    });
    const [{ filename } = {}] = info.fileResults;
    expect(filename).toMatch(/^tracks\/tracks-20\d\d-\d\d-\d\dT\d{6}\.mp4$/);
    await recordFor(info, 4);
    await leave();
    const done = await untilStatus(info, Status.EGRESS_COMPLETE);
    expect(done.details).toBe('End reason: Source closed');
    expect(done.fileResults[0]?.filename).toBe(filename);
    const recorded = await objectOf(done);
    expectLength(recorded, done);
    expectInTime(recorded);
  });

  it('of one track keeps that track’s codec', async () => {
    const { audio, video } = await publisher('track');
    const output = new DirectFileOutput({ filepath: 'track/{track_type}-{publisher_identity}' });
    const picture = await egress.startTrackEgress('track', output, video);
    await recordFor(picture, 3);
    await egress.stopEgress(picture.egressId);
    const done = await untilStatus(picture, Status.EGRESS_COMPLETE);
    expect(done.fileResults[0]?.filename).toBe('track/video-camera.webm');
    const recorded = await objectOf(done);
    expect(recorded).toMatchObject({ width: 640, height: 360, beeps: [] });
    expectWholePicture(recorded);

    const sound = await egress.startTrackEgress('track', output, audio);
    await recordFor(sound, 3);
    await egress.stopEgress(sound.egressId);
    const heard = await untilStatus(sound, Status.EGRESS_COMPLETE);
    expect(heard.fileResults[0]?.filename).toBe('track/audio-camera.ogg');
    expect((await objectOf(heard)).beeps.length).toBeGreaterThanOrEqual(2);
  });

  it('of a room shows all participants side by side and mixes their sound', async () => {
    await publisher('room', 'left');
    await publisher('room', 'right');
    const info = await egress.startRoomCompositeEgress('room', file('room/a'), { layout: 'grid' });
    await recordFor(info, 4);
    await egress.stopEgress(info.egressId);
    const done = await untilStatus(info, Status.EGRESS_COMPLETE);
    const recorded = await objectOf(done);
    expect(recorded).toMatchObject({ width: 1280, height: 720 });
    expectLength(recorded, done);
    expect(recorded.beeps.length).toBeGreaterThanOrEqual(4);
  });

  it('of a room’s sound alone is an Ogg file', async () => {
    await publisher('heard');
    const output = new EncodedFileOutput({ filepath: 'heard/a', fileType: EncodedFileType.OGG });
    const info = await egress.startRoomCompositeEgress('heard', output, { audioOnly: true });
    await recordFor(info, 3);
    await egress.stopEgress(info.egressId);
    const recorded = await objectOf(await untilStatus(info, Status.EGRESS_COMPLETE));
    expect(recorded.width).toBe(0);
    expect(recorded.beeps.length).toBeGreaterThanOrEqual(2);
  });
});
