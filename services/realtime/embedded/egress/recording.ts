// What passes between the worker and the process of one recording.

/** What is recorded of a room. */
export type Source =
  | { kind: 'participant'; identity: string; screenShare: boolean }
  | { kind: 'tracks'; audioTrackId?: string; videoTrackId?: string }
  | { kind: 'track'; trackId: string }
  | { kind: 'room' };

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
  /** A single track decides it by what it is. */
  container: Container | 'of-the-track';
  encoding: Encoding;
  /** Takes the recording while it lasts. */
  file: string;
};

export type ToRecorder = { kind: 'start'; recording: Recording } | { kind: 'stop' };

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
  code: 'not_found' | 'unavailable' | 'internal' | 'resource_exhausted';
  reason: string;
};

export type FromRecorder =
  | { kind: 'active'; container: Container; facts: SourceFacts }
  /**
   * The file is closed; `seconds` is its length, and `frozen` the number of pictures that are a repetition because the encoder was
   * behind. With `failure` it holds what there was until then.
   */
  | { kind: 'finished'; seconds: number; frozen: number; end: EndReason; failure?: Failure }
  /** There was nothing to record. */
  | { kind: 'failed'; failure: Failure };
