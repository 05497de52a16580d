export type Address = { host: string; port: number };

const standardPorts: Readonly<Record<string, number>> = { ws: 80, http: 80, wss: 443, https: 443 };

/** Host and port of `ws://host:7880/path`, `host:6379` and the like; none where it is no address. */
export function parseAddress(text: string): Address | undefined {
  const match = /^(?:([a-z]+):\/\/)?(?:[^@/\s]*@)?(\[[0-9a-f:.]+\]|[^:/\s]+)(?::(\d{1,5}))?(?:\/.*)?$/i.exec(
    text,
  );
  const host = match?.[2]?.toLowerCase();
  const port = match?.[3] === undefined ? standardPorts[match?.[1]?.toLowerCase() ?? ''] : Number(match[3]);
  return host === undefined || port === undefined ? undefined : { host, port };
}

/** Names by which a container reaches nobody but itself. */
export function isOwnHost(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || host.startsWith('127.') || host === '0.0.0.0';
}
