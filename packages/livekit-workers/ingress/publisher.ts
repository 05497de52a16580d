// The process of one stream: takes it from standard input or from a URL, and publishes it as a participant. Started by job.ts.
import {
  AudioFrame,
  AudioSource,
  LocalAudioTrack,
  LocalVideoTrack,
  Room,
  TrackPublishOptions,
  VideoBufferType,
  VideoFrame,
  VideoSource,
} from '@livekit/rtc-node';
import { leaveRoom } from '../worker/leave-room.ts';
import { jsonLog } from '../worker/log.ts';
import { onSessionEnd } from '../worker/session-end.ts';
import { audioSink } from './audio-sink.ts';
import { streamClock } from './clock.ts';
import { channelCount, sampleRate } from './decoder.ts';
import { audioBlockSamples, type Outlet, startDecoding } from './decoding.ts';
import { inSquarePixels, type Picture, pictureOf } from './picture.ts';
import type { FromPublisher, Publication, ToPublisher } from './publication.ts';
import { openInput } from './publisher-input.ts';

/**
 * Sound and pictures go out so much later than the stream's own time. For pictures it is what they may take longer through the decoder,
 * for sound it is the length of WebRTC's queue, which carries it over moments in which this process does not get to run. Milliseconds.
 */
const latency = 60;
/** What WebRTC's queue takes at most: what is beyond the latency is a burst. Milliseconds. */
const audioQueue = 150;

/** What is pulled and has sent nothing for so long is over: a playlist may go on without a new part for ever. Milliseconds. */
const pulledSilence = 30_000;

/** Takes blocks of interleaved samples. */
function soundTo(source: AudioSource): Outlet['send'] {
  const send = audioSink<AudioFrame>({
    now: () => performance.now(),
    queued: () => source.queuedDuration,
    capture: (frame) => source.captureFrame(frame),
    silence: (milliseconds) =>
      AudioFrame.create(sampleRate, channelCount, (sampleRate * milliseconds) / 1000),
    clear: () => source.clearQueue(),
  });
  return (block, at) => {
    const data = new Int16Array(block.buffer, block.byteOffset, block.length / 2);
    send(new AudioFrame(data, sampleRate, channelCount, audioBlockSamples), at + latency);
  };
}

const picturesTo =
  (source: VideoSource, { width, height }: Picture) =>
  (block: Buffer): void =>
    source.captureFrame(new VideoFrame(block, width, height, VideoBufferType.I420));

/** Whoever wonders where a part of a stream has gone finds it in the worker's log: once, where there are several steps. */
function reportOfSkips(who: () => Readonly<Record<string, unknown>>): (milliseconds: number) => void {
  const quietMilliseconds = 1_000;
  let sum = 0;
  let timer: NodeJS.Timeout | undefined;
  return (milliseconds) => {
    sum += milliseconds;
    clearTimeout(timer);
    timer = setTimeout(() => {
      jsonLog('skipped', { ...who(), milliseconds: Math.round(sum) });
      sum = 0;
    }, quietMilliseconds);
  };
}

const tell = (message: FromPublisher): Promise<void> =>
  new Promise((resolve) => {
    if (process.connected) process.send?.(message, () => resolve());
    else resolve();
  });

async function publish(publication: Publication): Promise<void> {
  const room = new Room();
  let isLive = false;
  let isLeaving = false;
  const kills: (() => void)[] = [];
  const killAll = (): void => {
    for (const kill of kills) kill();
  };
  process.on('exit', killAll);
  const leave = async (reason?: string): Promise<void> => {
    if (isLeaving) return;
    isLeaving = true;
    killAll();
    if (reason) await tell({ kind: 'failed', reason });
    await leaveRoom(room);
    process.exit(reason ? 1 : 0);
  };
  /** There is nothing left that could be left. */
  const goWithout = async (): Promise<void> => {
    killAll();
    await tell({ kind: 'lost', reason: 'The connection to the room was lost.' });
    process.exit(1);
  };
  process.on('message', (message: ToPublisher) => {
    if (message.kind === 'stop') void leave();
  });
  process.on('disconnect', () => void leave());
  process.on('SIGTERM', () => void leave());

  const { contents, format, stream, goesOn, failure, kill } = await openInput(publication.input);
  kills.push(kill);
  // 0 where it is not known.
  const size = contents.video?.width && contents.video.height ? inSquarePixels(contents.video) : {};
  const picture = pictureOf({ size, asked: publication.largest });

  const audioSource = contents.audio ? new AudioSource(sampleRate, channelCount, audioQueue) : undefined;
  const videoSource = contents.video ? new VideoSource(picture.width, picture.height) : undefined;
  const decode = (): void => {
    const clock = streamClock({
      isLive: goesOn,
      restarted: () => audioSource?.clearQueue(),
      skipped: reportOfSkips(() => ({ room: room.name, participant: room.localParticipant?.identity })),
    });
    const silence = goesOn
      ? undefined
      : setTimeout(() => void leave('The URL has fallen silent.'), pulledSilence);
    const outlet = (delay: number, send: Outlet['send']): Outlet => ({
      clock: clock(delay),
      send: (block, at) => {
        silence?.refresh();
        send(block, at);
      },
    });
    const decoding = startDecoding({
      format,
      ...(stream ? { stream } : {}),
      picture,
      isLive: () => isLive,
      ...(audioSource ? { audio: outlet(0, soundTo(audioSource)) } : {}),
      ...(videoSource ? { video: outlet(latency, picturesTo(videoSource, picture)) } : {}),
      // Where the input is wrong, that is why the decoder has nothing more, or cannot go on.
      ended: (reason) => void failure().then((failed) => leave(failed ?? reason)),
    });
    kills.push(decoding.kill);
  };
  if (goesOn) decode();

  onSessionEnd(room, (how) =>
    how === 'over' ? void leave('The server has ended the session.') : void goWithout(),
  );
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
      videoEncoding: { maxBitrate: BigInt(bitrateOf(picture)), maxFramerate: framesPerSecond } as never,
    });
    tracks.push({ sid: (await participant.publishTrack(track, options)).sid ?? '', kind: 'video' });
  }
  isLive = true;
  if (!goesOn) decode();
  await tell({ kind: 'publishing', roomId: (await room.getSid()) ?? '', tracks, contents });
}

/** About 0.08 bits a pixel: 2.2 Mbit/s for 1280×720 at 30 pictures a second. */
const bitrateOf = ({ width, height, framesPerSecond }: Picture): number =>
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
