import type { Failure } from './recording.ts';

/** HTTP's number of each of psrpc's codes, which is what the API shows. */
export const httpCodes: Readonly<Record<Failure['code'], number>> = {
  invalid_argument: 400,
  not_found: 404,
  resource_exhausted: 429,
  internal: 500,
  unavailable: 503,
};
