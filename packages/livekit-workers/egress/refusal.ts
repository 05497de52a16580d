import { RpcError } from '../rpc/error.ts';

/** What upstream's worker can and this one cannot. */
export const needsUpstream = (what: string): RpcError =>
  new RpcError('unimplemented', `${what} needs the upstream flavour of the egress worker`);

/** In upstream's words. */
export const invalid = (field: string): RpcError =>
  new RpcError('invalid_argument', `request has missing or invalid field: ${field}`);
