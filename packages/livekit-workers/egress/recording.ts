// What passes between the worker and the process of one recording.

/** What is recorded of a room. */
export type Source =
  | { kind: 'participant'; identity: string; screenShare: boolean }
  | { kind: 'tracks'; audioTrackId?: string; videoTrackId?: string }
  | { kind: 'track'; trackId: string }
  | { kind: 'room' }
  /** A picture and any sound, chosen by themselves. */
  | { kind: 'media'; video?: VideoChoice; audio?: 'all' | readonly AudioMatch[] };

export type VideoChoice = { trackId: string } | { identity: string; screenShare: boolean };
/** `participantKind`: LiveKit's number of it. */
export type AudioMatch = { trackId: string } | { identity: string } | { participantKind: number };

export type Container = 'mp4' | 'ogg' | 'webm' | 'mp3';

/** How it is encoded. Bit rates in kbit/s, the distance of whole pictures in seconds. */
export type Encoding = {
  width: number;
  height: number;
  framesPerSecond: number;
  videoCodec: 'h264' | 'vp8';
  h264Profile: 'baseline' | 'main' | 'high';
  videoBitrate: number;
  keyFrameInterval: number;
  audioCodec: 'aac' | 'opus' | 'mp3';
  audioBitrate: number;
  audioFrequency: number;
};

/** Everything that the process needs. */
export type Recording = {
  wsUrl: string;
  token: string;
  source: Source;
  audio: boolean;
  video: boolean;
  /** A single track decides it by what it is. Absent: there is no such file. */
  container?: Container | 'of-the-track';
  /** Length of segments, in seconds. Absent: there are none. */
  segmentSeconds?: number;
  /** Absent: it is not streamed, and will not be. */
  streams?: readonly StreamOrder[];
  encoding: Encoding;
  /** Takes its files; `scratch.ts` names them. */
  folder: string;
};

/** A receiver of the stream, whose URL is a secret. */
export type StreamOrder = { id: string; url: string };

export type ToRecorder =
  | { kind: 'start'; recording: Recording }
  | { kind: 'add-streams'; streams: readonly StreamOrder[] }
  | { kind: 'remove-streams'; ids: readonly string[] }
  | { kind: 'stop' };

/** A segment that is finished. Name of its file, and its beginning and end in seconds of the recording. */
export type Segment = { file: string; start: number; end: number };

/** What becomes of the stream to one receiver. */
export type StreamNews =
  /** It is taken; also after it was lost. */
  | { kind: 'live'; id: string }
  /** It was lost, and is tried again. */
  | { kind: 'retrying'; id: string }
  | { kind: 'lost'; id: string; reason: string };

/** What names of files may be made of; empty where it does not apply. */
export type SourceFacts = {
  publisherIdentity: string;
  trackId: string;
  trackType: string;
  trackSource: string;
};

/** Why a recording ended without anything being wrong. */
export type EndReason = 'stopped' | 'source-closed';

/** What is wrong, with psrpc's code for it. */
export type Failure = {
  code: 'invalid_argument' | 'not_found' | 'unavailable' | 'internal' | 'resource_exhausted';
  reason: string;
};

export type FromRecorder =
  /** `container` of the one file, if there is one. */
  | { kind: 'active'; container?: Container; facts: SourceFacts }
  | { kind: 'segment'; segment: Segment }
  | { kind: 'stream'; news: StreamNews }
  /**
   * The file is closed; `seconds` is its length, and `frozen` the number of pictures that are a repetition because the encoder was
   * behind. With `failure` it holds what there was until then.
   */
  | { kind: 'finished'; seconds: number; frozen: number; end: EndReason; failure?: Failure }
  /** There was nothing to record. */
  | { kind: 'failed'; failure: Failure };
