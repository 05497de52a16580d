import type { InputSound } from '../aac-configuration.ts';
import { highestRate, type InputPicture } from '../avc-configuration.ts';

/** What is in a stream, by ffmpeg's names of formats: `h264`, `aac`. A figure that is not known is 0, or absent where it may be. */
export type Contents = {
  audio?: { codec: string } & InputSound;
  video?: { codec: string } & InputPicture;
};

/** The channels of ffmpeg's layouts that are not named by figures. */
const layouts: Readonly<Record<string, number>> = {
  mono: 1,
  stereo: 2,
  downmix: 2,
  quad: 4,
  hexagonal: 6,
  octagonal: 8,
};

const usualRates = [24, 25, 30, 50, 60];

/** By the name of a layout: `stereo`, `5.1(side)`, `7 channels`. */
function channelsIn(layout: string): number {
  const [, main = 0, low = 0] = /^(\d+)(?:\.(\d))?/.exec(layout) ?? [];
  return layouts[layout] ?? Number(main) + Number(low);
}

/** Everything that `contentsIn` reads has come: where there is a picture, its first one as well. */
export function isWhole(head: string): boolean {
  const video = /^#media_type (\d+): video$/m.exec(head)?.[1];
  return /^#media_type .*\n/m.test(head) && (video === undefined || lengthIn(head, video) !== undefined);
}

/** How long the first picture is to be seen, in units of its track. Lines are: track, two times, length, size, sum. */
function lengthIn(head: string, track: string): number | undefined {
  const length = new RegExp(`^${track}, +-?\\d+, +-?\\d+, +(\\d+),.*\\n`, 'm').exec(head)?.[1];
  return length === undefined ? undefined : Number(length);
}

/** @param unit of the track's times in seconds, as `1/30000`: where that is coarse, a usual rate is meant */
function rateIn(length: number, unit: string): number | undefined {
  const [over = 0, under = 0] = unit.split('/').map(Number);
  const rateOf = (units: number): number => under / (over * units);
  const rate = rateOf(length);
  if (!(rate > 0 && rate <= highestRate)) return undefined;
  return usualRates.find((usual) => rateOf(length + 0.5) < usual && usual < rateOf(length - 0.5)) ?? rate;
}

/**
 * Reads the head of ffmpeg's `framecrc` format, which is made for programs: lines such as `#media_type 0: video`,
 * `#codec_id 0: h264`, `#dimensions 0: 640x360`, `#sample_rate 1: 44100`; after them, one for each part of the stream.
 *
 * @throws Error where there is neither sound nor picture
 */
export function contentsIn(head: string): Contents {
  const fields = new Map<string, string>();
  for (const [, name, index, value] of head.matchAll(/^#(\w+) (\d+): +(.*)$/gm))
    fields.set(`${name} ${index}`, (value ?? '').trim());
  const indexOf = (type: string): string | undefined =>
    [...fields].find(([name, value]) => name.startsWith('media_type ') && value === type)?.[0].split(' ')[1];
  const contents: Contents = {};
  const audio = indexOf('audio');
  if (audio !== undefined)
    contents.audio = {
      codec: fields.get(`codec_id ${audio}`) ?? '',
      sampleRate: Number(fields.get(`sample_rate ${audio}`) ?? 0),
      channels: channelsIn(fields.get(`channel_layout_name ${audio}`) ?? ''),
    };
  const video = indexOf('video');
  const [width = 0, height = 0] = (fields.get(`dimensions ${video}`) ?? '').split('x').map(Number);
  if (video !== undefined && width > 0 && height > 0) {
    const [across = 0, down = 0] = (fields.get(`sar ${video}`) ?? '').split('/').map(Number);
    const rate = rateIn(lengthIn(head, video) ?? 0, fields.get(`tb ${video}`) ?? '');
    contents.video = {
      codec: fields.get(`codec_id ${video}`) ?? '',
      width,
      height,
      ...(rate ? { framesPerSecond: rate } : {}),
      ...(across > 0 && down > 0 && across !== down ? { sampleAspect: across / down } : {}),
    };
  }
  if (!(contents.audio || contents.video)) throw new Error('The URL leads to neither sound nor picture.');
  return contents;
}
