import type { IngressInfo, IngressState } from '@livekit/protocol';
import { askedPicture } from './asked-picture.ts';
import { type Picture, pictureOf } from './picture.ts';

/**
 * Cores that a stream takes, decoded and encoded, from two measured on an x86-64 machine with H.264 and VP8: 0.29 for 640×360 and
 * 0.65 for 1280×720, both at 30 pictures a second.
 */
const cores = { always: 0.17, perMegapixelPerSecond: 0.0174 };

const costOf = ({ width, height, framesPerSecond }: Picture): number =>
  cores.always + ((width * height * framesPerSecond) / 1e6) * cores.perMegapixelPerSecond;

/** The most that it may take: nothing of what comes is known yet. */
export const costBefore = ({ video }: Pick<IngressInfo, 'video'>): number => costOf(askedPicture(video));

/** What it takes, once it is published. */
export function costOnceLive(info: Pick<IngressInfo, 'video'>, state: Pick<IngressState, 'video'>): number {
  if (!state.video) return cores.always;
  const { width, height } = state.video;
  const size = width && height ? { width, height } : {};
  return costOf(pictureOf({ size, asked: askedPicture(info.video) }));
}
