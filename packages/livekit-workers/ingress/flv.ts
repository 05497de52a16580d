import { decodeAmf0 } from '../rtmp/amf0.ts';
import { type InputSound, soundIn } from './aac-configuration.ts';
import { highestRate, type InputPicture, pictureIn } from './avc-configuration.ts';
import type { MediaMessage } from './rtmp/session.ts';

const tagTypes = { audio: 8, video: 9, metadata: 18 } as const;

/** The beginning of an FLV file (version 10.1 of its specification, annex E). ffmpeg looks for what is announced here. */
export function flvHeader(has: { audio: boolean; video: boolean }): Buffer {
  const flags = (has.audio ? 4 : 0) | (has.video ? 1 : 0);
  return Buffer.concat([Buffer.from('FLV'), Buffer.of(1, flags, 0, 0, 0, 9), Buffer.alloc(4)]);
}

/** One message as a part of an FLV file. */
export function flvTag({ kind, timestamp, body }: MediaMessage): Buffer {
  const head = Buffer.alloc(11);
  head[0] = tagTypes[kind];
  head.writeUIntBE(body.length, 1, 3);
  head.writeUIntBE(timestamp & 0xff_ffff, 4, 3);
  head[7] = timestamp >>> 24;
  const size = Buffer.alloc(4);
  size.writeUInt32BE(11 + body.length);
  return Buffer.concat([head, body, size]);
}

/** What an audio or video message holds, by its first bytes. */
export type Content = 'configuration' | 'key' | 'delta' | { unsupported: string };

/** H.264 and AAC only: the other formats of FLV are of the last century, and each decoder is something to attack. */
export function contentOf({ kind, body }: MediaMessage): Content {
  const first = body[0] ?? 0;
  if (kind === 'audio') {
    if (first >> 4 !== 10)
      return { unsupported: `audio of FLV format ${first >> 4}, where AAC (10) is supported` };
    return body[1] === 0 ? 'configuration' : 'key';
  }
  if (kind === 'video') {
    if (first & 0x80)
      return { unsupported: `video of type ${body.toString('latin1', 1, 5)}, where H.264 is supported` };
    if ((first & 0x0f) !== 7)
      return { unsupported: `video of FLV format ${first & 0x0f}, where H.264 (7) is supported` };
    if (body[1] === 0) return 'configuration';
    return first >> 4 === 1 ? 'key' : 'delta';
  }
  return 'delta';
}

/** What the decoder is told of the stream. @param message a `configuration` */
export function describedIn({ kind, body }: MediaMessage): Partial<InputPicture & InputSound> {
  // Before it stand the format, that this is a configuration, and for pictures a time.
  return (kind === 'video' ? pictureIn(body.subarray(5)) : soundIn(body.subarray(2))) ?? {};
}

/** What an encoder says of its stream; nothing that it says is relied upon but to save time. */
export type Declared = {
  audio?: boolean;
  video?: boolean;
  width?: number;
  height?: number;
  framesPerSecond?: number;
};

/** @returns nothing where the message is other data than `onMetaData` */
export function declaredIn({ kind, body }: MediaMessage): Declared | undefined {
  if (kind !== 'metadata') return undefined;
  const values = decodeAmf0(body);
  const at = values.indexOf('onMetaData');
  const data = at < 0 ? undefined : values[at + 1];
  if (typeof data !== 'object' || data === null || Array.isArray(data)) return undefined;
  const of = (key: string): unknown => Reflect.get(data, key);
  const width = of('width');
  const height = of('height');
  const rate = of('framerate');
  const audio = of('audiocodecid') !== undefined;
  const video = of('videocodecid') !== undefined;
  return {
    // Where neither is named, nothing is said of them.
    ...(audio || video ? { audio, video } : {}),
    ...(typeof width === 'number' && typeof height === 'number' && width >= 2 && height >= 2
      ? { width, height }
      : {}),
    ...(typeof rate === 'number' && rate > 0 && rate <= highestRate ? { framesPerSecond: rate } : {}),
  };
}
