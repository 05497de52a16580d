import { isDeepStrictEqual } from 'node:util';
import type { BucketPolicy } from './model.ts';

/** The server's policy document; none for a bucket that is private. */
export function policyDocument(bucket: string, policy: BucketPolicy): string | undefined {
  return policy === 'private' ? undefined : JSON.stringify(downloadPolicy(bucket));
}

function downloadPolicy(bucket: string) {
  return {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { AWS: ['*'] },
        Action: ['s3:GetObject'],
        Resource: [`arn:aws:s3:::${bucket}/*`],
      },
    ],
  };
}

/** The policy on the server in a manifest's words, or `another policy`. */
export function readPolicy(bucket: string, document: string | undefined): BucketPolicy | string {
  if (document === undefined) return 'private';
  return isDeepStrictEqual(JSON.parse(document), downloadPolicy(bucket)) ? 'download' : 'another policy';
}
