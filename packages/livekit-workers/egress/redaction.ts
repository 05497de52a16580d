import { Message } from '@bufbuild/protobuf';
import { S3Upload, StreamOutput } from '@livekit/protocol';
import { redacted } from './stream/target.ts';

const shownInstead = {
  accessKey: '{access_key}',
  secret: '{secret}',
  sessionToken: '{session_token}',
  assumeRoleExternalId: '{external_id}',
} as const;

/** A copy of a request without its secrets, wherever in it they are, as the API shows it (livekit/protocol's `egress/redact.go`). */
export function withoutSecrets<T extends Message<T>>(request: T): T {
  const copy = request.clone();
  hide(copy);
  return copy;
}

function hide(value: unknown): void {
  if (value instanceof S3Upload) {
    for (const field of ['accessKey', 'secret', 'sessionToken', 'assumeRoleExternalId'] as const)
      if (value[field]) value[field] = shownInstead[field];
  } else if (value instanceof StreamOutput) {
    value.urls = value.urls.map(redacted);
  } else if (Array.isArray(value)) {
    for (const each of value) hide(each);
  } else if (value instanceof Message || isChoice(value)) {
    for (const each of Object.values(value)) hide(each);
  }
}

/** One of several fields, as the runtime has it. */
const isChoice = (value: unknown): value is { case: string; value: unknown } =>
  typeof value === 'object' && value !== null && 'case' in value && 'value' in value;
