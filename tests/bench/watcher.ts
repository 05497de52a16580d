// A participant who measures what another one publishes, in a process of its own:
//   node watcher.ts <url> <identity> <seconds>, with the token on standard input
// Prints as JSON how many pictures were missing between neighbours, and by how many milliseconds each beep came after
// its flash. Pictures and sound are those of tests/story/test-picture.ts.
import { text } from 'node:stream/consumers';
import {
  AudioStream,
  type RemoteTrack,
  Room,
  RoomEvent,
  TrackKind,
  VideoBufferType,
  type VideoFrame,
  VideoStream,
} from '@livekit/rtc-node';

/** @see watcher.ts */
export type Seen = { pictures: number; missing: number; apart: readonly number[] };

/** The first pictures and sounds of a subscription come in a heap. Milliseconds. */
const settled = 2_000;
/** Brighter than this is white: of 0 to 255. */
const white = 125;
/** Louder than this is the beep: of 0 to 32767. */
const loud = 1_000;

const [url = '', identity = '', seconds = '6'] = process.argv.slice(2);
const numbers: number[] = [];
const flashes: number[] = [];
const beeps: number[] = [];
const joined = performance.now();
const isSettled = (): boolean => performance.now() - joined > settled;

const room = new Room();
room.on(RoomEvent.TrackSubscribed, (track, _publication, participant) => {
  if (participant.identity !== identity) return;
  void (track.kind === TrackKind.KIND_VIDEO ? watchPictures(track) : listen(track));
});
await room.connect(url, await text(process.stdin), { autoSubscribe: true, dynacast: false });
setTimeout(report, settled + Number(seconds) * 1_000);

async function watchPictures(track: RemoteTrack): Promise<void> {
  let wasFlash = true;
  for await (const { frame } of new VideoStream(track)) {
    const { number, isFlash } = readPicture(frame);
    if (isSettled()) {
      numbers.push(number);
      if (isFlash && !wasFlash) flashes.push(performance.now());
    }
    wasFlash = isFlash;
  }
}

/** Its number is in 16 blocks of the upper half, the lowest bit first; its lower half is white while it flashes. */
function readPicture(frame: VideoFrame): { number: number; isFlash: boolean } {
  const { data, width, height } = frame.convert(VideoBufferType.I420);
  const isWhite = (x: number, y: number): boolean =>
    (data[Math.floor(y * height) * width + Math.floor(x * width)] ?? 0) > white;
  const bits = Array.from({ length: 16 }, (_, bit) => (isWhite((bit + 0.5) / 16, 0.25) ? 2 ** bit : 0));
  return { number: bits.reduce((sum, bit) => sum + bit), isFlash: isWhite(0.5, 0.75) };
}

async function listen(track: RemoteTrack): Promise<void> {
  let wasLoud = true;
  for await (const { data } of new AudioStream(track, 48_000, 1)) {
    const isLoud = data.some((sample) => Math.abs(sample) > loud);
    if (isSettled() && isLoud && !wasLoud) beeps.push(performance.now());
    wasLoud = isLoud;
  }
}

function report(): void {
  const steps = numbers.slice(1).map((number, index) => number - (numbers[index] ?? 0));
  const seen: Seen = {
    pictures: numbers.length,
    missing: steps.reduce((sum, step) => sum + Math.max(0, step - 1), 0),
    // Without the last one, whose beep may come too late to be heard.
    apart: flashes.slice(0, -1).map(nearestBeep),
  };
  process.stdout.write(`${JSON.stringify(seen)}\n`, () => process.exit(0));
}

function nearestBeep(flash: number): number {
  const differences = beeps.map((beep) => beep - flash);
  const nearer = (one: number, other: number): number => (Math.abs(other) < Math.abs(one) ? other : one);
  return differences.reduce(nearer, Number.POSITIVE_INFINITY);
}
