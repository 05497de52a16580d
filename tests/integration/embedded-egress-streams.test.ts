import { join } from 'node:path';
import {
  type EgressInfo,
  EgressStatus as Status,
  StreamProtocol,
  StreamInfo_Status as StreamState,
} from '@livekit/protocol';
import { EncodedFileOutput, StreamOutput } from 'livekit-server-sdk';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EgressStage, openEgressStage } from '../support/egress-stage.ts';
import { apartIn, apartTolerance, lookAt, type Recorded } from '../support/recorded.ts';
import { ffmpegReceiver, rtmpReceiver } from '../support/rtmp-receiver.ts';
import { until } from '../support/until.ts';

// Streams of the embedded egress worker to RTMP servers: ffmpeg's, and the one that the ingress worker has.

let stage: EgressStage;
beforeAll(async () => {
  stage = await openEgressStage();
  await stage.startWorker();
});
afterAll(() => stage?.close());

const streams = (...urls: string[]) => new StreamOutput({ protocol: StreamProtocol.RTMP, urls });
const states = (info: EgressInfo) => info.streamResults.map(({ status }) => status);
const untilStates = (info: EgressInfo, ...wanted: StreamState[]): Promise<EgressInfo> =>
  until({
    what: `streams ${wanted.map((state) => StreamState[state])}`,
    ask: async () => {
      const now = await stage.stateOf(info);
      const isStarted = now.streamResults.every(({ startedAt }) => startedAt !== 0n);
      return isStarted && states(now).join() === wanted.join() ? now : undefined;
    },
  });

function expectInTime(recorded: Recorded): void {
  const apart = apartIn(recorded);
  expect(apart.length).toBeGreaterThanOrEqual(2);
  expect(Math.max(...apart)).toBeLessThan(apartTolerance);
}

describe('a stream', () => {
  it('of a participant comes to ffmpeg, in time', async () => {
    await stage.publisher('ffmpeg');
    const file = join(stage.folder, 'ffmpeg.flv');
    const { url, ended } = await ffmpegReceiver({ port: 19_350, file });
    const info = await stage.egress.startParticipantEgress('ffmpeg', 'camera', { stream: streams(url) });
    expect(info.streamResults).toMatchObject([
      { url: 'rtmp://127.0.0.1:19350/live/{ffm...key}', status: StreamState.ACTIVE },
    ]);
    await untilStates(info, StreamState.ACTIVE);
    await stage.recordFor(info, 5);
    await stage.egress.stopEgress(info.egressId);
    const done = await stage.untilStatus(info, Status.EGRESS_COMPLETE);
    expect(states(done)).toEqual([StreamState.FINISHED]);
    expect(done.result).toMatchObject({ case: 'stream' });
    await ended;
    const seen = await lookAt(file);
    expect(seen).toMatchObject({ width: 1280, height: 720 });
    expect(seen.seconds).toBeGreaterThan(4);
    expectInTime(seen);
  });

  it('can be sent to others while it runs, and be taken from them', async () => {
    await stage.publisher('update');
    const receiver = await rtmpReceiver(stage.folder);
    const [first, second] = [receiver.url('first-key'), receiver.url('second-key')];
    const info = await stage.egress.startRoomCompositeEgress('update', { stream: streams(first) });
    await untilStates(info, StreamState.ACTIVE);
    const answer = await stage.egress.updateStream(info.egressId, [second]);
    expect(answer.streamResults).toHaveLength(2);
    await untilStates(info, StreamState.ACTIVE, StreamState.ACTIVE);
    await until({ what: 'the second', ask: () => receiver.received('second-key') > 50_000 });
    await stage.egress.updateStream(info.egressId, [], [first]);
    await untilStates(info, StreamState.FINISHED, StreamState.ACTIVE);
    await expect(stage.egress.updateStream(info.egressId, [], [first])).rejects.toMatchObject({
      status: 404,
      message: expect.stringContaining('stream rtmp://127.0.0.1'),
    });
    await expect(stage.egress.updateStream(info.egressId, ['http://a/b/c'])).rejects.toMatchObject({
      status: 400,
    });
    await stage.egress.updateStream(info.egressId, [], [second]);
    const done = await stage.untilStatus(info, Status.EGRESS_COMPLETE);
    expect(done.details).toBe('End reason: All streams stopped');
    expect(states(done)).toEqual([StreamState.FINISHED, StreamState.FINISHED]);
    // Who came late has a stream of its own from the beginning.
    const late = await lookAt(await receiver.file('second-key'));
    expect(late.numbers[0]).toBeGreaterThan(0);
    expect(late.beeps.length).toBeGreaterThan(0);
  });

  it('that fails does not end the others, nor the file', async () => {
    await stage.publisher('failing');
    const receiver = await rtmpReceiver(stage.folder);
    const good = receiver.url('good-key');
    const bad = 'rtmp://127.0.0.1:1/live/bad-key';
    const outputs = { stream: streams(bad, good), file: new EncodedFileOutput({ filepath: 'failing/a' }) };
    const info = await stage.egress.startParticipantEgress('failing', 'camera', outputs);
    const failed = await untilStates(info, StreamState.FAILED, StreamState.ACTIVE);
    expect(failed.streamResults[0]?.error).toContain('ECONNREFUSED');
    await stage.recordFor(info, 4);
    await stage.egress.stopEgress(info.egressId);
    const done = await stage.untilStatus(info, Status.EGRESS_COMPLETE);
    expect(states(done)).toEqual([StreamState.FAILED, StreamState.FINISHED]);
    const streamed = await lookAt(await receiver.file('good-key'));
    const recorded = await lookAt(await stage.fetched('failing/a.mp4'));
    expect(streamed.numbers.at(-1)).toBe(recorded.numbers.at(-1));
    expectInTime(recorded);
  });

  it('that nobody takes fails, with the reason', async () => {
    await stage.publisher('refused');
    const receiver = await rtmpReceiver(stage.folder);
    receiver.refuse();
    const info = await stage.egress.startParticipantEgress('refused', 'camera', {
      stream: streams(receiver.url('refused-key')),
    });
    const failed = await stage.untilStatus(info, Status.EGRESS_FAILED);
    expect(failed).toMatchObject({ error: 'NetStream.Publish.BadName: not now', errorCode: 503 });
    expect(states(failed)).toEqual([StreamState.FAILED]);
  });

  it('is sent again where it was lost', async () => {
    await stage.publisher('again');
    const receiver = await rtmpReceiver(stage.folder);
    const info = await stage.egress.startParticipantEgress('again', 'camera', {
      stream: streams(receiver.url('again-key')),
    });
    await untilStates(info, StreamState.ACTIVE);
    await until({ what: 'a stream', ask: () => receiver.received('again-key') > 20_000 });
    receiver.drop('again-key');
    const before = receiver.received('again-key');
    await until({ what: 'it again', ask: () => receiver.received('again-key') > before + 20_000 });
    await stage.egress.stopEgress(info.egressId);
    const done = await stage.untilStatus(info, Status.EGRESS_COMPLETE);
    expect(done.streamResults).toMatchObject([{ status: StreamState.FINISHED, retries: 1 }]);
    expect((await lookAt(await receiver.file('again-key'))).numbers.length).toBeGreaterThan(10);
  });
});
