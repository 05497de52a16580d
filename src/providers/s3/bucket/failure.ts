import { S3ServiceException } from '@aws-sdk/client-s3';
import { ArcError, failed } from '../../../core/errors.ts';
import { explain } from '../../../core/probes/ask.ts';
import { redact } from '../../../core/secret.ts';
import type { BucketServer } from './client.ts';

/** Runs calls to an S3 server, and says of one that fails what was to be done, where, and what the server answered. */
export async function explainRefusals<Result>(
  options: { server: BucketServer; doing: string },
  calls: () => Promise<Result>,
): Promise<Result> {
  const { server, doing } = options;
  try {
    return await calls();
  } catch (cause) {
    if (cause instanceof ArcError) throw cause;
    throw failed({
      code: 'storage-refused',
      message: `arc could not ${doing} in ${server.role}.`,
      detail: [redact(answerOf(cause), [])],
      suggestion: suggestionFor({ cause, role: server.role }),
    });
  }
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
