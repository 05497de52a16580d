import { randomInt } from 'node:crypto';

const alphabet = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';

/** `SRV_4kd0…`: a prefix and 12 characters, as psrpc's own ids are (`pkg/rand/id.go`). */
export const randomId = (prefix: 'SRV' | 'CLI' | 'REQ'): string =>
  `${prefix}_${Array.from({ length: 12 }, () => alphabet[randomInt(alphabet.length)]).join('')}`;
