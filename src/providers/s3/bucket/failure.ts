import { S3ServiceException } from '@aws-sdk/client-s3';
import { explain } from '../../../core/probes/ask.ts';
import { explained } from '../../refusals.ts';
import type { BucketServer } from './client.ts';

/** Runs calls to an S3 server; one that fails is explained. */
export function explainRefusals<Result>(
  options: { server: BucketServer; doing: string },
  calls: () => Promise<Result>,
): Promise<Result> {
  const { server, doing } = options;
  const { role } = server;
  return explained(
    {
      ...{ code: 'storage-refused', role, secrets: [], doing },
      answer: answerOf,
      suggestion: (cause) => suggestionFor({ cause, role }),
    },
    calls,
  );
}

function answerOf(cause: unknown): string {
  if (cause instanceof S3ServiceException)
    return `${cause.$metadata.httpStatusCode ?? ''} ${cause.name}: ${cause.message}`.trim();
  return explain(cause);
}

function suggestionFor(options: { cause: unknown; role: string }): string {
  const { cause, role } = options;
  const name = cause instanceof S3ServiceException ? cause.name : '';
  switch (name) {
    case 'InvalidAccessKeyId':
    case 'SignatureDoesNotMatch':
    case 'AccessDenied':
      return `the keys of ${role} differ from those that it was created with: \`arc restart ${role}\``;
    case 'BucketNotEmpty':
      return 'remove what is in it first';
    default:
      return `arc logs ${role}`;
  }
}
