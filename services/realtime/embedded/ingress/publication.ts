import type { Layout } from './feed.ts';
import type { Picture } from './picture.ts';

// What passes between the worker and the process of one stream.

/** Everything that the process needs; its standard input is the stream itself. */
export type Publication = {
  wsUrl: string;
  token: string;
  layout: Layout;
  picture: Picture;
  /** Names of the tracks, and where they are said to come from (numbers of LiveKit's `TrackSource`). */
  audio: { name: string; source: number };
  video: { name: string; source: number };
};

export type ToPublisher = { kind: 'start'; publication: Publication } | { kind: 'stop' };

export type FromPublisher =
  | { kind: 'publishing'; roomId: string; tracks: readonly { sid: string; kind: 'audio' | 'video' }[] }
  /** It ends with this; without it, it ended because the stream did. */
  | { kind: 'failed'; reason: string };
