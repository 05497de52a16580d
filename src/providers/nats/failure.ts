import { JetStreamApiError } from '@nats-io/jetstream';
import { explain } from '../../core/probes/ask.ts';
import { explained } from '../refusals.ts';
import type { NatsServer } from './client.ts';

/** Runs calls to a NATS server; one that fails is explained. */
export function explainRefusals<Result>(
  options: { server: NatsServer; doing: string },
  calls: () => Promise<Result>,
): Promise<Result> {
  const { server, doing } = options;
  const { role, seed } = server;
  return explained(
    {
      ...{ code: 'messaging-refused', role, secrets: [seed], doing },
      answer: answerOf,
      suggestion: (cause) => suggestionFor({ cause, role }),
    },
    calls,
  );
}

/** What the server answered, in words. */
export function answerOf(cause: unknown): string {
  return cause instanceof JetStreamApiError ? `${cause.code}: ${cause.message}` : explain(cause);
}

function suggestionFor(options: { cause: unknown; role: string }): string {
  const { cause, role } = options;
  const code = cause instanceof JetStreamApiError ? cause.code : undefined;
  switch (code) {
    // JSStreamSubjectOverlapErr
    case 10065:
      return 'give each subject to one stream; `arc contract show <subject>` names the stream that keeps it';
    // JSInsufficientResourcesErr, JSStorageResourcesExceededErr, JSMemoryResourcesExceededErr
    case 10023:
    case 10047:
    case 10028:
      return `the \`max_bytes\` of all streams together are more than ${role} may keep; lower one of them`;
    default:
      return `arc logs ${role}`;
  }
}
