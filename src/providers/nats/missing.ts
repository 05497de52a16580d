import { JetStreamApiError } from '@nats-io/jetstream';

/** Undefined where the server says that there is no such thing (status 404). */
export async function unlessMissing<Answer>(asked: Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await asked;
  } catch (cause) {
    if (cause instanceof JetStreamApiError && cause.status === 404) return undefined;
    throw cause;
  }
}
