import { httpCodes } from './http-codes.ts';
import type { Failure } from './recording.ts';

/** What an earlier start has left could not be sent, and is kept. */
export class NotRecovered extends Error {
  readonly errorCode: number;

  constructor({ code, reason }: Failure) {
    super(reason);
    this.errorCode = httpCodes[code];
  }
}
