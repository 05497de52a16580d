/** psrpc's codes (`errors.go`, 0.7.2) that the workers use. The server's API turns them into Twirp's codes and HTTP statuses. */
export type RpcCode =
  | 'aborted'
  | 'already_exists'
  | 'canceled'
  | 'deadline_exceeded'
  | 'failed_precondition'
  | 'internal'
  | 'invalid_argument'
  | 'malformed_request'
  | 'malformed_result'
  | 'not_found'
  | 'permission_denied'
  | 'resource_exhausted'
  | 'unavailable'
  | 'unimplemented'
  | 'unknown';

/** An error that crosses the wire: thrown by a handler it is the answer, thrown by a call it was the answer. */
export class RpcError extends Error {
  /** A code of the other side that is not one of ours stays as it came. */
  readonly code: RpcCode | (string & {});

  constructor(code: RpcCode | (string & {}), message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'RpcError';
    this.code = code;
  }
}

/** An error that a handler did not mean for the wire is `unknown` there, as with psrpc's own servers. */
export function asRpcError(cause: unknown): RpcError {
  if (cause instanceof RpcError) return cause;
  return new RpcError('unknown', cause instanceof Error ? cause.message : String(cause), { cause });
}
