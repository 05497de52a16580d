import { execa } from 'execa';

/** What a recording of `room-publisher.ts` has in it. */
export type Recorded = {
  seconds: number;
  width: number;
  height: number;
  /** Numbers of the pictures, in order. */
  numbers: readonly number[];
  /** When the flashes and the beeps begin, in seconds. */
  flashes: readonly number[];
  beeps: readonly number[];
};

/** Seconds between a flash and the beep that belongs to it, at most. */
export const apartTolerance = 0.08;

/** How far each flash is from its beep, in seconds; at either end one of the two may lie outside. */
export function apartIn({ seconds, flashes, beeps }: Recorded): readonly number[] {
  const inside = flashes.filter((flash) => flash > 0.3 && flash < seconds - 0.3);
  return inside.map((flash) => Math.min(...beeps.map((beep) => Math.abs(beep - flash))));
}

/** Looks at one recording with ffmpeg's own eyes. */
export async function lookAt(file: string): Promise<Recorded> {
  const { stdout } = await execa('ffprobe', [
    ...[
      '-v',
      'error',
      '-of',
      'json',
      '-show_entries',
      'stream=codec_type,width,height:format=duration',
      file,
    ],
  ]);
  const probed = JSON.parse(stdout) as {
    format: { duration: string };
    streams: { codec_type: string; width?: number; height?: number }[];
  };
  const picture = probed.streams.find(({ codec_type }) => codec_type === 'video');
  const hasSound = probed.streams.some(({ codec_type }) => codec_type === 'audio');
  const small = picture ? await pictures(file) : [];
  return {
    seconds: Number(probed.format.duration),
    width: picture?.width ?? 0,
    height: picture?.height ?? 0,
    numbers: small.map(({ number }) => number),
    flashes: beginnings(small.map(({ isFlash }) => isFlash)).map((index) => index / 30),
    beeps: hasSound ? await beeps(file) : [],
  };
}

/**
 * How many pictures are missing in a row, at most.
 *
 * @throws Error where their numbers do not advance
 */
export function missingPictures({ numbers }: Recorded): number {
  const steps = numbers.slice(1).map((number, index) => number - (numbers[index] ?? 0));
  if (steps.length === 0 || Math.min(...steps) < 0) throw new Error(`pictures go back: ${numbers.join(' ')}`);
  if ((numbers.at(-1) ?? 0) - (numbers[0] ?? 0) <= numbers.length * 0.9)
    throw new Error(`pictures stand still: ${numbers.join(' ')}`);
  return Math.max(...steps) - 1;
}

/**
 * 16 by 2 pixels at 30 pictures a second: a pixel for each bit of the number, and the flash below. Neither pictures nor sound need
 * begin where the file does, so that both are filled up from there.
 */
const asBits = 'fps=30:start_time=0,scale=16:2:flags=area,format=gray';
async function pictures(file: string): Promise<{ number: number; isFlash: boolean }[]> {
  const { stdout } = await execa(
    'ffmpeg',
    [...['-v', 'error', '-i', file, '-map', '0:v:0', '-vf', asBits], ...['-f', 'rawvideo', 'pipe:1']],
    { encoding: 'buffer' },
  );
  return Array.from({ length: stdout.length / 32 }, (_, index) => {
    const pixels = stdout.subarray(index * 32, index * 32 + 32);
    const number = pixels.subarray(0, 16).reduce((sum, pixel, bit) => sum + (pixel > 125 ? 2 ** bit : 0), 0);
    return { number, isFlash: (pixels[24] ?? 0) > 125 };
  });
}

async function beeps(file: string): Promise<number[]> {
  const { stdout } = await execa(
    'ffmpeg',
    [
      ...[
        '-v',
        'error',
        '-i',
        file,
        '-map',
        '0:a:0',
        '-af',
        'aresample=8000:async=1:first_pts=0',
        '-ac',
        '1',
      ],
      ...['-f', 's16le', 'pipe:1'],
    ],
    { encoding: 'buffer' },
  );
  const samples = Buffer.from(stdout);
  // Blocks of 5 ms.
  const size = 40;
  const loud = Array.from({ length: Math.floor(stdout.length / 2 / size) }, (_, block) => {
    let sum = 0;
    for (let index = 0; index < size; index += 1)
      sum += Math.abs(samples.readInt16LE((block * size + index) * 2));
    return sum / size > 1_000;
  });
  return beginnings(loud).map((index) => index * 0.005);
}

/** Where something begins that was not so just before. */
const beginnings = (values: readonly boolean[]): number[] =>
  values.flatMap((value, index) => (value && !values[index - 1] && index > 0 ? [index] : []));
