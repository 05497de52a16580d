export type Address = { host: string; port: number; scheme?: string };

const standardPorts: Readonly<Record<string, number>> = {
  ws: 80,
  http: 80,
  wss: 443,
  https: 443,
  rtmp: 1935,
  rtmps: 443,
  socks5: 1080,
};

/** Host and port of `ws://host:7880/path`, `host:6379` and the like; none if it is no address. */
export function parseAddress(text: string): Address | undefined {
  const match =
    /^(?:([a-z][a-z0-9]*):\/\/)?(?:[^@/\s]*@)?(\[[0-9a-f:.]+\]|[^:/\s]+)(?::(\d{1,5}))?(?:\/.*)?$/i.exec(
      text,
    );
  const host = match?.[2]?.toLowerCase();
  const scheme = match?.[1]?.toLowerCase();
  const port = match?.[3] === undefined ? standardPorts[scheme ?? ''] : Number(match[3]);
  if (host === undefined || port === undefined) return undefined;
  return { host, port, ...(scheme === undefined ? {} : { scheme }) };
}

/** Whether who follows an address with this scheme begins with TLS. */
export function speaksTls(scheme: string): boolean {
  return ['https', 'wss', 'rtmps', 'rediss'].includes(scheme);
}

/** Host names by which a container reaches only itself. */
export function isOwnHost(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || host.startsWith('127.') || host === '0.0.0.0';
}
