import type { S3Upload } from '@livekit/protocol';
import type { S3Settings } from './config.ts';
import { invalid, needsUpstream } from './refusal.ts';

/** Where an output goes, as all requests have it. */
export type Upload =
  | { case: 's3'; value: S3Upload }
  | { case: 'gcp' | 'azure' | 'aliOSS'; value: unknown }
  | { case: undefined; value?: undefined };

/** @param s3 where outputs go that name no place of their own */
export function destination(upload: Upload, s3: S3Settings | undefined): S3Settings {
  if (upload.case === 's3') return ownBucket(upload.value);
  if (upload.case !== undefined) throw needsUpstream(`an upload to ${upload.case}`);
  // Upstream would write into its own file system, where nobody can fetch it from a container.
  if (!s3) throw invalid('output: this worker has no storage of its own, and the request names none');
  return s3;
}

function ownBucket(upload: S3Upload): S3Settings {
  const { accessKey, secret, sessionToken, region, endpoint, bucket, forcePathStyle } = upload;
  if (!bucket) throw invalid('bucket');
  if (upload.assumeRoleArn) throw needsUpstream('assuming a role of AWS');
  if (upload.proxy) throw needsUpstream('an upload through a proxy');
  return {
    ...(accessKey && secret ? { accessKey, secret } : {}),
    ...(sessionToken ? { sessionToken } : {}),
    ...(endpoint ? { endpoint } : {}),
    region: region || 'us-east-1',
    bucket,
    forcePathStyle,
  };
}
