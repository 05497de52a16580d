/** Names under `invalid` never exist (RFC 6761), so that these are known to nobody but the gate. */
const inside = '.pull.invalid';

/**
 * An address with TLS as one without: the reader speaks plain HTTP to the gate alone, and the gate speaks TLS to the world, so that
 * certificates are looked at in one place, and always. `https://example.org:8443/a?b` is `http://<its host in hexadecimal>.pull.invalid/a?b`.
 *
 * @param url absolute; one without TLS stays as it is
 */
export function disguised(url: string): string {
  const { protocol, host, username, password, pathname, search } = new URL(url);
  if (protocol !== 'https:') return url;
  const user = username ? `${username}${password ? `:${password}` : ''}@` : '';
  return `http://${user}${Buffer.from(host).toString('hex')}${inside}${pathname}${search}`;
}

/** What a request of the reader is for. */
export function undisguised(url: URL): URL {
  if (!url.hostname.endsWith(inside)) return url;
  const host = Buffer.from(url.hostname.slice(0, -inside.length), 'hex').toString();
  return new URL(`https://${host}${url.pathname}${url.search}`);
}

/** What a playlist of HLS names is asked for in the same way. */
export const disguisedPlaylist = (text: string): string =>
  text.replace(/https:\/\/[^\s"']+/g, (url) => (URL.canParse(url) ? disguised(url) : url));
