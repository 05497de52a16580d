import { type IngressInfo, IngressInput } from '@livekit/protocol';
import { RpcError } from '../../rpc/error.ts';

/** Why a URL is not pulled, if it is not; whether it can be is another question. With upstream's codes and words. */
export function refusalOf(info: IngressInfo): RpcError | undefined {
  if (info.inputType !== IngressInput.URL_INPUT)
    return new RpcError('invalid_argument', 'invalid ingress type');
  if (info.enabled === false) return new RpcError('permission_denied', 'session is disabled');
  if (!URL.canParse(info.url)) return new RpcError('invalid_argument', 'invalid ingress: the URL is none');
  const { protocol } = new URL(info.url);
  if (protocol === 'http:' || protocol === 'https:') return undefined;
  // The server lets SRT through as the only other one.
  return new RpcError(
    'unimplemented',
    `pulling ${protocol} needs the upstream flavour of the ingress worker`,
  );
}
