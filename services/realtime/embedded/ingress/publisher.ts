// The process of one stream: decodes what comes on standard input, and publishes it as a participant. Started by job.ts.
import { spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import {
  AudioFrame,
  AudioSource,
  LocalAudioTrack,
  LocalVideoTrack,
  Room,
  RoomEvent,
  TrackPublishOptions,
  VideoBufferType,
  VideoFrame,
  VideoSource,
} from '@livekit/rtc-node';
import { audioSink } from './audio-sink.ts';
import { streamClock } from './clock.ts';
import { channelCount, decoderArguments, sampleRate } from './decoder.ts';
import { pace } from './pacer.ts';
import type { FromPublisher, Publication, ToPublisher } from './publication.ts';

/** Audio is given to WebRTC in blocks of so many milliseconds. */
const audioBlock = 20;
/** Pictures take longer through a decoder than sound, and WebRTC has no common clock for the two. Milliseconds. */
const videoDelay = 60;
/** What WebRTC may hold of audio; all of it is latency. Milliseconds. */
const audioQueue = 100;

const tell = (message: FromPublisher): Promise<void> =>
  new Promise((resolve) => {
    if (process.connected) process.send?.(message, () => resolve());
    else resolve();
  });

async function publish(publication: Publication): Promise<void> {
  const { layout, picture } = publication;
  const room = new Room();
  let isLive = false;
  let isLeaving = false;
  const decoder = spawn('ffmpeg', decoderArguments({ layout, picture }), {
    stdio: ['inherit', 'pipe', 'pipe', 'pipe'],
  });
  const leave = async (reason?: string): Promise<void> => {
    if (isLeaving) return;
    isLeaving = true;
    decoder.kill('SIGKILL');
    if (reason) await tell({ kind: 'failed', reason });
    await room.disconnect().catch(() => {});
    process.exit(reason ? 1 : 0);
  };
  const fail = (cause: unknown): void => void leave(cause instanceof Error ? cause.message : String(cause));
  process.on('message', (message: ToPublisher) => {
    if (message.kind === 'stop') void leave();
  });
  process.on('disconnect', () => void leave());
  process.on('SIGTERM', () => void leave());

  let complaint = '';
  decoder.stderr?.on('data', (text) => {
    complaint = `${complaint}${text}`.slice(-500);
  });
  decoder.on('error', fail);
  decoder.on('close', (code) => {
    const lastLine = complaint.trim().split('\n').at(-1);
    void leave(
      code === 0 ? undefined : `The stream cannot be decoded: ${lastLine || `ffmpeg ended with ${code}`}`,
    );
  });

  const audioSource = layout.audio ? new AudioSource(sampleRate, channelCount, audioQueue) : undefined;
  const videoSource = layout.video ? new VideoSource(picture.width, picture.height) : undefined;
  const clock = streamClock({ restarted: () => audioSource?.clearQueue() });
  if (audioSource) {
    const samples = (sampleRate * audioBlock) / 1000;
    const send = audioSink<AudioFrame>({
      queued: () => audioSource.queuedDuration,
      capture: (frame) => audioSource.captureFrame(frame),
      clear: () => audioSource.clearQueue(),
    });
    pace({
      input: decoder.stdio[3] as Readable,
      size: samples * channelCount * 2,
      interval: audioBlock,
      clock: clock(0),
      isLive: () => isLive,
      send: (block) => {
        const data = new Int16Array(block.buffer, block.byteOffset, block.length / 2);
        send(new AudioFrame(data, sampleRate, channelCount, samples));
      },
    });
  }
  if (videoSource && decoder.stdout) {
    const { width, height, framesPerSecond } = picture;
    pace({
      input: decoder.stdout,
      size: (width * height * 3) / 2,
      interval: 1000 / framesPerSecond,
      clock: clock(videoDelay),
      isLive: () => isLive,
      send: (block) => videoSource.captureFrame(new VideoFrame(block, width, height, VideoBufferType.I420)),
    });
  }

  room.on(RoomEvent.Disconnected, () => fail('The server has ended the session.'));
  await room.connect(publication.wsUrl, publication.token, { autoSubscribe: false, dynacast: false });
  const participant = room.localParticipant;
  if (!participant) throw new Error('The server gave no participant.');
  const tracks: { sid: string; kind: 'audio' | 'video' }[] = [];
  if (audioSource) {
    const track = LocalAudioTrack.createAudioTrack(publication.audio.name, audioSource);
    const options = new TrackPublishOptions({ source: publication.audio.source, dtx: false, red: false });
    tracks.push({ sid: (await participant.publishTrack(track, options)).sid ?? '', kind: 'audio' });
  }
  if (videoSource) {
    const track = LocalVideoTrack.createVideoTrack(publication.video.name, videoSource);
    const { framesPerSecond } = picture;
    const options = new TrackPublishOptions({
      source: publication.video.source,
      simulcast: false,
      // The library does not export this message's class, and takes a plain object.
      videoEncoding: { maxBitrate: BigInt(bitrateOf(publication)), maxFramerate: framesPerSecond } as never,
    });
    tracks.push({ sid: (await participant.publishTrack(track, options)).sid ?? '', kind: 'video' });
  }
  isLive = true;
  await tell({ kind: 'publishing', roomId: (await room.getSid()) ?? '', tracks });
}

/** About 0.08 bits a pixel: 2.2 Mbit/s for 1280×720 at 30 pictures a second. */
const bitrateOf = ({ picture: { width, height, framesPerSecond } }: Publication): number =>
  Math.round(width * height * framesPerSecond * 0.08);

process.once('message', (message: ToPublisher) => {
  if (message.kind !== 'start') process.exit(0);
  const { publication } = message;
  publish(publication).catch(async (cause) => {
    const words = cause instanceof Error ? cause.message : String(cause);
    // What cannot be reached is named with its whole address there, in which the token is.
    await tell({ kind: 'failed', reason: words.replaceAll(publication.token, '…') });
    process.exit(1);
  });
});
