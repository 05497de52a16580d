import { RpcError } from '../../rpc/error.ts';

/** Where a stream goes. The key is a secret, and so is the URL. */
export type Target = {
  host: string;
  port: number;
  isSecure: boolean;
  /** What is asked of the server: `rtmp://host/path/app` and its parts. */
  tcUrl: string;
  app: string;
  key: string;
};

/** `rtmp(s)://{host}(/{path})/{app}/{stream_key}( live=1)`, as upstream takes it (`pkg/config/urls.go`). */
const form = /^(rtmps?):\/\/([^/]+)\/(.*\/)?([^/]+)\/(\S*?)( live=1)?$/;
const ports = { rtmp: 1935, rtmps: 443 } as const;

/**
 * @throws RpcError `invalid_argument` in upstream's words, but without the URL, which the server would log
 */
export function parseTarget(url: string): Target {
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(url)?.[1]?.toLowerCase();
  if (scheme === 'srt' || scheme === 'mux' || scheme === 'twitch')
    throw new RpcError(
      'unimplemented',
      `a stream to ${scheme}:// needs the upstream flavour of the egress worker`,
    );
  if (scheme !== 'rtmp' && scheme !== 'rtmps')
    throw new RpcError('invalid_argument', `invalid url ${redacted(url)}: invalid scheme`);
  const [, , authority = '', path = '', lastPart = '', key = ''] = form.exec(url) ?? [];
  if (!authority || !lastPart)
    throw new RpcError(
      'invalid_argument',
      `invalid url ${redacted(url)}: rtmp urls must be of format rtmp(s)://{host}(/{path})/{app}/{stream_key}( live=1)`,
    );
  const { host, port } = addressOf(authority, ports[scheme]);
  const app = `${path}${lastPart}`;
  return { host, port, isSecure: scheme === 'rtmps', tcUrl: `${scheme}://${authority}/${app}`, app, key };
}

function addressOf(authority: string, otherwise: number): { host: string; port: number } {
  const withoutUser = authority.slice(authority.lastIndexOf('@') + 1);
  const [, host = withoutUser, port] = /^(.*?)(?::(\d{1,5}))?$/.exec(withoutUser) ?? [];
  return { host: host.replace(/^\[|\]$/g, ''), port: port ? Number(port) : otherwise };
}

/** The URL as the API shows it: of the key only the ends are left (livekit/protocol, `utils/redact.go`). */
export function redacted(url: string): string {
  const slash = url.lastIndexOf('/');
  const [key = '', ...rest] = url.slice(slash + 1).split(' ');
  const shown = [3, 2, 1].find((length) => key.length >= length * 3) ?? 0;
  const end = shown === 0 ? '' : key.slice(-shown);
  return `${url.slice(0, slash + 1)}{${key.slice(0, shown)}...${end}}${rest.map((part) => ` ${part}`).join('')}`;
}
