import type { Message, MessageType } from '@bufbuild/protobuf';
import { bool, bytes, float, int64, messageType, text, textMap } from './schema.ts';

// psrpc's own messages: `internal/internal.proto` of psrpc 0.7.2. Times are nanoseconds since 1970.

/** What is published: a message, and its type so that the receiver can resolve it. */
interface Envelope extends Message<Envelope> {
  typeUrl: string;
  value: Uint8Array;
}
const Envelope: MessageType<Envelope> = messageType('internal.Msg', {
  type_url: [1, text],
  value: [2, bytes],
});

export interface Request extends Message<Request> {
  requestId: string;
  clientId: string;
  sentAt: bigint;
  /** The client waits until then. */
  expiry: bigint;
  /** Every server answers, and not only one. */
  multi: boolean;
  metadata: Record<string, string>;
  rawRequest: Uint8Array;
}
export const Request: MessageType<Request> = messageType('internal.Request', {
  request_id: [1, text],
  client_id: [2, text],
  sent_at: [3, int64],
  expiry: [4, int64],
  multi: [5, bool],
  metadata: [7, textMap],
  raw_request: [8, bytes],
});

export interface Response extends Message<Response> {
  requestId: string;
  serverId: string;
  sentAt: bigint;
  /** Empty: it succeeded. */
  error: string;
  code: string;
  rawResponse: Uint8Array;
}
export const Response: MessageType<Response> = messageType('internal.Response', {
  request_id: [1, text],
  server_id: [2, text],
  sent_at: [3, int64],
  error: [5, text],
  code: [6, text],
  raw_response: [7, bytes],
});

/** A server offers to handle a request. */
export interface Claim extends Message<Claim> {
  requestId: string;
  serverId: string;
  /** How well it suits: 1 wins at once. */
  affinity: number;
}
export const Claim: MessageType<Claim> = messageType('internal.ClaimRequest', {
  request_id: [1, text],
  server_id: [2, text],
  affinity: [3, float],
});

/** The client's choice among the servers that offered. */
export interface ClaimAnswer extends Message<ClaimAnswer> {
  requestId: string;
  serverId: string;
}
export const ClaimAnswer: MessageType<ClaimAnswer> = messageType('internal.ClaimResponse', {
  request_id: [1, text],
  server_id: [2, text],
});

/** What a type may be named by in an envelope; the server looks it up, so it must be right. */
const typeUrl = (type: MessageType): string => `type.googleapis.com/${type.typeName}`;

/** The bytes that are published for a message. */
export function packed<T extends Message<T>>(sent: T): Uint8Array {
  return new Envelope({ typeUrl: typeUrl(sent.getType() as MessageType), value: sent.toBinary() }).toBinary();
}

/** @returns nothing where the bytes are no envelope, or one with another type: whoever can publish in Redis sends what it likes */
export function unpacked<T extends Message<T>>(type: MessageType<T>, published: Uint8Array): T | undefined {
  try {
    const envelope = Envelope.fromBinary(published);
    return envelope.typeUrl === typeUrl(type as MessageType) ? type.fromBinary(envelope.value) : undefined;
  } catch {
    return undefined;
  }
}
