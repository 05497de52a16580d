import { S3ServiceException } from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import { isRefused, wordsOf } from './refused.ts';

/** An answer of the storage. */
const answer = (httpStatusCode: number, name: string, message = 'in words') =>
  new S3ServiceException({
    ...{ name, message, $fault: httpStatusCode < 500 ? 'client' : 'server' },
    $metadata: { httpStatusCode },
  });

describe('what the storage says', () => {
  it.each([
    [403, 'SignatureDoesNotMatch'],
    [403, 'InvalidAccessKeyId'],
    [403, 'AccessDenied'],
    [400, 'ExpiredToken'],
    [404, 'NoSuchBucket'],
  ])('with %d %s does not change by itself', (status, name) => {
    expect(isRefused(answer(status, name))).toBe(true);
  });

  it.each([
    [500, 'InternalError'],
    [503, 'SlowDown'],
    [429, 'TooManyRequests'],
    [408, 'Timeout'],
    [409, 'OperationAborted'],
    [400, 'RequestTimeout'],
    [404, 'NotFound'],
  ])('with %d %s may be otherwise in a moment', (status, name) => {
    expect(isRefused(answer(status, name))).toBe(false);
  });

  it('where it says nothing may be otherwise in a moment', () => {
    expect(isRefused(new Error('connect ECONNREFUSED'))).toBe(false);
    expect(isRefused('?')).toBe(false);
  });

  it('is told with its status and its name, as upstream does', () => {
    const words = 'The specified bucket does not exist';
    expect(wordsOf(answer(404, 'NoSuchBucket', words))).toBe(
      'StatusCode: 404, api error NoSuchBucket: The specified bucket does not exist',
    );
    expect(wordsOf(answer(403, 'Forbidden', 'UnknownError'))).toBe('StatusCode: 403, api error Forbidden');
    expect(wordsOf(new Error('connect ECONNREFUSED'))).toBe('connect ECONNREFUSED');
  });
});
