// A participant who publishes a test picture and a tone, in a process of its own: node room-publisher.ts <url> [both|audio|video]
// [640x360], with the token on standard input.
// The picture has its number in it, as 16 blocks that are white or black, and all of it is white for the first 100 ms of each
// second, in which the tone beeps. Says "published <sid> …" and ends when it is told to.
import { text } from 'node:stream/consumers';
import {
  AudioFrame,
  AudioSource,
  LocalAudioTrack,
  LocalVideoTrack,
  Room,
  TrackPublishOptions,
  TrackSource,
  VideoBufferType,
  VideoFrame,
  VideoSource,
} from '@livekit/rtc-node';

const [url = '', has = 'both', size = '640x360'] = process.argv.slice(2);
const [width = 640, height = 360] = size.split('x').map(Number);
const framesPerSecond = 30;
const sampleRate = 48_000;
const blocks = 16;
const flashLength = 0.1;

const room = new Room();
await room.connect(url, await text(process.stdin), { autoSubscribe: false, dynacast: false });
const participant = room.localParticipant;
if (!participant) throw new Error('no participant');
const sids: (string | undefined)[] = [];

const audioSource = has === 'video' ? undefined : new AudioSource(sampleRate, 1, 0);
if (audioSource) {
  const track = LocalAudioTrack.createAudioTrack('tone', audioSource);
  const options = new TrackPublishOptions({ source: TrackSource.SOURCE_MICROPHONE, dtx: false, red: false });
  sids.push((await participant.publishTrack(track, options)).sid);
}
const videoSource = has === 'audio' ? undefined : new VideoSource(width, height);
if (videoSource) {
  const track = LocalVideoTrack.createVideoTrack('picture', videoSource);
  const options = new TrackPublishOptions({
    source: TrackSource.SOURCE_CAMERA,
    simulcast: false,
    // The library does not export this message's class, and takes a plain object.
    videoEncoding: { maxBitrate: 1_500_000n, maxFramerate: framesPerSecond } as never,
  });
  sids.push((await participant.publishTrack(track, options)).sid);
}

const origin = performance.now();
let picture = 0;
let block = 0;
setInterval(() => {
  const elapsed = (performance.now() - origin) / 1_000;
  for (; videoSource && picture / framesPerSecond <= elapsed; picture += 1)
    videoSource.captureFrame(new VideoFrame(drawn(picture), width, height, VideoBufferType.I420));
  // 10 ms each, as WebRTC has them.
  for (; audioSource && block / 100 <= elapsed; block += 1)
    audioSource.captureFrame(new AudioFrame(sound(block), sampleRate, 1, sampleRate / 100)).catch(() => {});
}, 3);
process.stdout.write(`published ${sids.join(' ')}\n`);

/** Its number in the upper half, and the flash below. */
function drawn(number: number): Uint8Array {
  const data = new Uint8Array((width * height * 3) / 2).fill(128, width * height);
  const isFlash = (number / framesPerSecond) % 1 < flashLength;
  data.fill(isFlash ? 235 : 16, (width * height) / 2, width * height);
  for (let row = 0; row < height / 2; row += 1)
    for (let bit = 0; bit < blocks; bit += 1) {
      const from = row * width + Math.floor((bit * width) / blocks);
      data.fill((number >> bit) & 1 ? 235 : 16, from, row * width + Math.floor(((bit + 1) * width) / blocks));
    }
  return data;
}

function sound(at: number): Int16Array {
  const isBeep = (at / 100) % 1 < flashLength;
  return Int16Array.from({ length: sampleRate / 100 }, (_, index) =>
    isBeep ? Math.round(12_000 * Math.sin((2 * Math.PI * 1_000 * index) / sampleRate)) : 0,
  );
}
