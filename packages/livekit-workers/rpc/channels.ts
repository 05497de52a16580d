/** What a channel of Redis is for: a method of a service, and the topic (often the id of a job) where it has one. */
export type Address = { service: string; method: string; topic?: string };

/**
 * Names of the channels that LiveKit's psrpc speaks over, as `pkg/info/channels.go` of psrpc 0.7.2 makes them.
 * Requests and claims' answers go to all servers of a method; claims and responses to one client.
 */
export const channels = {
  request: ({ service, method, topic }: Address): string => named(service, method, topic, 'REQ'),
  claimAnswer: ({ service, method, topic }: Address): string => named(service, method, topic, 'RCLAIM'),
  claim: (service: string, clientId: string): string => named(service, clientId, 'CLAIM'),
  response: (service: string, clientId: string): string => named(service, clientId, 'RES'),
};

/** Empty parts vanish together with their separator: `EgressInternal|StartEgress|REQ`. */
const named = (...parts: readonly (string | undefined)[]): string =>
  parts.filter(Boolean).map(escaped).join('|');

/** Anything but `[0-9A-Za-z_]` as `u+xxxx`, or `U+xxxxxxxx` beyond the basic plane. */
const escaped = (part = ''): string =>
  Array.from(part, (character) => {
    if (/[0-9A-Za-z_]/.test(character)) return character;
    const code = character.codePointAt(0) ?? 0;
    const [mark, digits] = code < 0x1_0000 ? ['u', 4] : ['U', 8];
    return `${mark}+${code.toString(16).padStart(digits, '0')}`;
  }).join('');
