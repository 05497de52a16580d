// A participant who measures what another one publishes, in a process of its own: node watcher.ts <url> <identity> <seconds>, with
// the token on standard input. Prints as JSON how many pictures were missing between neighbours, and by how many
// milliseconds each beep came after its flash.
import { text } from 'node:stream/consumers';
import { AudioStream, Room, RoomEvent, TrackKind, VideoBufferType, VideoStream } from '@livekit/rtc-node';

/** @see watcher.ts */
export type Seen = { pictures: number; missing: number; apart: readonly number[] };

const [url = '', identity = '', seconds = '6'] = process.argv.slice(2);
const numbers: number[] = [];
const flashes: number[] = [];
const beeps: number[] = [];
/** The first pictures and sounds of a subscription come in a heap. */
const settled = 2_000;

const room = new Room();
const joined = performance.now();
const isSettled = (): boolean => performance.now() - joined > settled;
room.on(RoomEvent.TrackSubscribed, async (track, _, participant) => {
  if (participant.identity !== identity) return;
  if (track.kind === TrackKind.KIND_VIDEO) {
    let wasFlash = true;
    for await (const { frame } of new VideoStream(track)) {
      const { data, width, height } = frame.convert(VideoBufferType.I420);
      const at = (x: number, y: number): boolean =>
        (data[Math.floor(y * height) * width + Math.floor(x * width)] ?? 0) > 125;
      const isFlash = at(0.5, 0.75);
      if (isSettled()) {
        numbers.push(
          Array.from({ length: 16 }, (__, bit) => (at((bit + 0.5) / 16, 0.25) ? 2 ** bit : 0)).reduce(
            (sum, value) => sum + value,
          ),
        );
        if (isFlash && !wasFlash) flashes.push(performance.now());
      }
      wasFlash = isFlash;
    }
  } else {
    let wasLoud = true;
    for await (const { data } of new AudioStream(track, 48_000, 1)) {
      const isLoud = data.some((sample) => Math.abs(sample) > 1_000);
      if (isSettled() && isLoud && !wasLoud) beeps.push(performance.now());
      wasLoud = isLoud;
    }
  }
});
await room.connect(url, await text(process.stdin), { autoSubscribe: true, dynacast: false });
setTimeout(
  () => {
    const steps = numbers.slice(1).map((number, index) => number - (numbers[index] ?? 0));
    const seen: Seen = {
      pictures: numbers.length,
      missing: steps.reduce((sum, step) => sum + Math.max(0, step - 1), 0),
      apart: flashes.slice(0, -1).map((flash) => {
        const differences = beeps.map((beep) => beep - flash);
        return differences.reduce(
          (best, one) => (Math.abs(one) < Math.abs(best) ? one : best),
          Number.POSITIVE_INFINITY,
        );
      }),
    };
    process.stdout.write(`${JSON.stringify(seen)}\n`, () => process.exit(0));
  },
  settled + Number(seconds) * 1_000,
);
