import { type Bits, bitsOf } from './bits.ts';

/** What an encoder has seen. */
export type InputPicture = {
  width: number;
  height: number;
  /** How wide a pixel is for its height, where it is no square. */
  sampleAspect?: number;
  framesPerSecond?: number;
};

/** More than any camera has, and figures that stand for no rate at all. */
export const highestRate = 300;

/** Profiles that say more of colours (7.3.2.1.1). */
const withColours = [100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135];

/** Pixels that are no squares, by number (table E-1). */
const aspects = [
  ...[0, 1, 12 / 11, 10 / 11, 16 / 11, 40 / 33, 24 / 11, 20 / 11, 32 / 11, 80 / 33],
  ...[18 / 11, 15 / 11, 64 / 33, 160 / 99, 4 / 3, 3 / 2, 2],
];
const ownAspect = 255;

/**
 * Reads the first sequence parameter set (ITU-T H.264, 7.3.2.1.1 and E.1.1) of an AVCDecoderConfigurationRecord.
 *
 * @returns nothing where there is none that can be read
 */
export function pictureIn(configuration: Uint8Array): InputPicture | undefined {
  const headLength = 8;
  const [high = 0, low = 0] = configuration.subarray(headLength - 2);
  // The set's first byte only says that it is one.
  const set = configuration.subarray(headLength + 1, headLength + high * 256 + low);
  try {
    return readSet(bitsOf(withoutEscapes(set)));
  } catch {
    return undefined;
  }
}

/** A third byte after two zeros is put in where it would look like a new unit. */
const withoutEscapes = (bytes: Uint8Array): Uint8Array =>
  bytes.filter((byte, at) => !(byte === 3 && at > 1 && bytes[at - 1] === 0 && bytes[at - 2] === 0));

function readSet(bits: Bits): InputPicture | undefined {
  const { take, unsigned, signed } = bits;
  const profile = take(8);
  take(16);
  unsigned();
  const colours = withColours.includes(profile) ? readColours(bits) : { format: 1, isSeparate: false };
  unsigned();
  const orderKind = unsigned();
  if (orderKind === 0) unsigned();
  if (orderKind === 1) {
    take(1);
    signed();
    signed();
    for (let left = unsigned(); left > 0; left -= 1) signed();
  }
  unsigned();
  take(1);
  const columns = unsigned() + 1;
  const rows = unsigned() + 1;
  const fields = take(1) === 1 ? 1 : 2;
  if (fields === 2) take(1);
  take(1);
  const cut = take(1) ? [unsigned(), unsigned(), unsigned(), unsigned()] : [];
  const [left = 0, right = 0, top = 0, bottom = 0] = cut;
  const hasOneChannel = colours.isSeparate || colours.format === 0;
  const across = !hasOneChannel && colours.format < 3 ? 2 : 1;
  const down = (!hasOneChannel && colours.format === 1 ? 2 : 1) * fields;
  const width = columns * 16 - (left + right) * across;
  const height = rows * 16 * fields - (top + bottom) * down;
  if (width < 2 || height < 2) return undefined;
  return { width, height, ...(take(1) ? readUsability(bits) : {}) };
}

function readColours({ take, unsigned, signed }: Bits): { format: number; isSeparate: boolean } {
  const format = unsigned();
  const isSeparate = format === 3 && take(1) === 1;
  unsigned();
  unsigned();
  take(1);
  if (take(1))
    for (let list = 0; list < (format === 3 ? 12 : 8); list += 1) {
      if (!take(1)) continue;
      let [last, next] = [8, 8];
      for (let at = 0; at < (list < 6 ? 16 : 64) && next !== 0; at += 1) {
        next = (last + signed() + 256) % 256;
        last = next || last;
      }
    }
  return { format, isSeparate };
}

function readUsability({ take, unsigned }: Bits): Pick<InputPicture, 'sampleAspect' | 'framesPerSecond'> {
  let sampleAspect = 0;
  if (take(1)) {
    const number = take(8);
    sampleAspect = number === ownAspect ? take(16) / take(16) : (aspects[number] ?? 0);
  }
  if (take(1)) take(1);
  if (take(1)) {
    take(4);
    if (take(1)) take(24);
  }
  if (take(1)) {
    unsigned();
    unsigned();
  }
  let framesPerSecond = 0;
  if (take(1)) {
    const unit = take(32);
    // It counts fields.
    framesPerSecond = take(32) / unit / 2;
  }
  return {
    ...(sampleAspect > 0 && sampleAspect !== 1 && Number.isFinite(sampleAspect) ? { sampleAspect } : {}),
    ...(framesPerSecond > 0 && framesPerSecond <= highestRate ? { framesPerSecond } : {}),
  };
}
