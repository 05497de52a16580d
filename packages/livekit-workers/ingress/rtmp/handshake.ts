import { RtmpError } from '../../rtmp/error.ts';

const version = 3;
const length = 1536;

/**
 * The server's side of the plain handshake (RTMP 1.0, section 5.2). The signed one of Flash is not asked for by any encoder of today.
 */
export class Handshake {
  #received = Buffer.alloc(0);
  #answered = false;

  /**
   * @returns what to send, if anything, and, once the handshake is done, the bytes behind it
   * @throws RtmpError at the first byte that is not RTMP's
   */
  read(bytes: Buffer): { send?: Buffer; rest?: Buffer } {
    this.#received = Buffer.concat([this.#received, bytes]);
    const first = this.#received[0];
    if (first !== undefined && first !== version)
      throw new RtmpError(`version ${first} of RTMP, or something else`);
    const result: { send?: Buffer; rest?: Buffer } = {};
    if (!this.#answered && this.#received.length >= 1 + length) {
      this.#answered = true;
      const theirs = this.#received.subarray(1, 1 + length);
      // Ours: time 0, and zeros where any bytes will do; then theirs, as a proof that it was read.
      result.send = Buffer.concat([Buffer.of(version), Buffer.alloc(length), theirs]);
    }
    if (this.#received.length >= 1 + 2 * length) result.rest = this.#received.subarray(1 + 2 * length);
    return result;
  }
}
