/** The other side does not speak RTMP as it must, or more of it than is allowed. Its connection is ended. */
export class RtmpError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'RtmpError';
  }
}
