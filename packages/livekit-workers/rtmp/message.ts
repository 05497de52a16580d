/** One message, put together from its chunks. */
export type RtmpMessage = {
  type: number;
  /** The message stream: 0 for the connection itself. */
  stream: number;
  /** Milliseconds, 32 bits that begin anew. */
  timestamp: number;
  body: Buffer;
};

/** RTMP 1.0, sections 5.4 and 7.1. */
export const messageType = {
  setChunkSize: 1,
  abort: 2,
  acknowledgement: 3,
  userControl: 4,
  windowSize: 5,
  peerBandwidth: 6,
  audio: 8,
  video: 9,
  commandAmf3: 17,
  data: 18,
  command: 20,
} as const;
