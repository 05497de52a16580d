import { type WebhookEvent, WebhookReceiver } from 'livekit-server-sdk';

/** Why a request is not an event of this LiveKit. */
export type Refusal = { status: 400 | 401; reason: 'unsigned' | 'unreadable'; message: string };

export type Verified = { event: WebhookEvent } | { refusal: Refusal };

/** @returns the event, or why there is none. It never throws. */
export type Verify = (request: { body: string; authorization: string | undefined }) => Promise<Verified>;

/** The clocks of two machines may differ by this. */
const clockTolerance = '30s';

/**
 * LiveKit signs each webhook: a token of its key that holds the SHA-256 of the body.
 *
 * @param options.key the name of the API key, as LiveKit's configuration has it under `webhook`
 */
export function verifier(options: { key: string; secret: string }): Verify {
  const receiver = new WebhookReceiver(options.key, options.secret);
  return async ({ body, authorization }) => {
    try {
      return { event: await receiver.receive(body, authorization, false, clockTolerance) };
    } catch (cause) {
      const message = cause instanceof Error ? cause.message : String(cause);
      // The body is read only after its signature was found right.
      const isSigned = cause instanceof SyntaxError || message.startsWith('cannot decode');
      return {
        refusal: isSigned
          ? { status: 400, reason: 'unreadable', message }
          : { status: 401, reason: 'unsigned', message },
      };
    }
  };
}
