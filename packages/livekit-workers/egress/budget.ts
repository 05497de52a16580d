import type { Plan } from './planned.ts';

/**
 * Cores that a recording takes, decoded and encoded, from two measured on an x86-64 machine with VP8 and x264's `veryfast`:
 * 0.41 for 640×360 and 0.94 for 1280×720, both at 30 pictures a second.
 */
const cores = { always: 0.24, perMegapixelPerSecond: 0.0256 };

/** A track alone has a size of its own, or is sound: which, nobody says before. */
const usualTrack = { width: 640, height: 360 };

export function costOf({ video, encoding, outputs }: Pick<Plan, 'video' | 'encoding' | 'outputs'>): number {
  if (!video) return cores.always;
  const { framesPerSecond } = encoding;
  const { width, height } = outputs.file?.container === 'of-the-track' ? usualTrack : encoding;
  return cores.always + ((width * height * framesPerSecond) / 1e6) * cores.perMegapixelPerSecond;
}
