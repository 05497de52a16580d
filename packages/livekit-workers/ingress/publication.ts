import type { Layout } from './feed.ts';
import type { Picture } from './picture.ts';
import type { Contents } from './pull/contents.ts';

// What passes between the worker and the process of one stream.

/** Where the stream comes from. */
export type Input =
  /** From standard input, as an FLV file. */
  { kind: 'pushed'; layout: Layout } | { kind: 'pulled'; url: string };

/** Everything that the process needs. */
export type Publication = {
  wsUrl: string;
  token: string;
  input: Input;
  /** Nothing larger or quicker is published. */
  largest: Picture;
  /** Names of the tracks, and where they are said to come from (numbers of LiveKit's `TrackSource`). */
  audio: { name: string; source: number };
  video: { name: string; source: number };
};

export type ToPublisher = { kind: 'start'; publication: Publication } | { kind: 'stop' };

export type Publishing = {
  kind: 'publishing';
  roomId: string;
  tracks: readonly { sid: string; kind: 'audio' | 'video' }[];
  contents: Contents;
};

export type FromPublisher =
  | Publishing
  /** It ends with one of these; without them, it ended because the stream did. `lost`: the room goes on without it. */
  | { kind: 'failed' | 'lost'; reason: string };
