import { createHmac } from 'node:crypto';

/** 1 January 2100. A fixed time, so that the same secrets always make the same configuration. */
const expires = 4_102_444_800;

/**
 * A JSON Web Token (RFC 7519) for a program that reads metrics, signed with HS512: the only algorithm that MinIO accepts.
 *
 * @param options.subject whose rights the reader has: an access key of MinIO
 */
export function readerToken(options: { issuer: string; subject: string; secret: string }): string {
  const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const claims = { exp: expires, sub: options.subject, iss: options.issuer };
  const signed = `${encode({ alg: 'HS512', typ: 'JWT' })}.${encode(claims)}`;
  return `${signed}.${createHmac('sha512', options.secret).update(signed).digest('base64url')}`;
}
