/** A webhook as it is kept on disk: what LiveKit sent, and what was decided when it arrived. */
export type Received = {
  /** LiveKit's own id of the event; the same when LiveKit sends it again. */
  id: string;
  /** Such as `track_published`. */
  event: string;
  /** Events of one lane are delivered in the order in which they came: a room's, or an egress's without a room. */
  lane: string;
  /** When it came, as ISO 8601. */
  at: string;
  /** W3C trace context, made here: LiveKit sends none. */
  traceparent: string;
  /** The signed JSON, unchanged. */
  body: string;
};

const fields = ['id', 'event', 'lane', 'at', 'traceparent', 'body'] as const;

/** @throws Error that names the field which is missing */
export function receivedOf(value: unknown): Received {
  if (typeof value !== 'object' || value === null) throw new Error('a record is not a mapping');
  const given = value as Partial<Record<(typeof fields)[number], unknown>>;
  const text = (name: (typeof fields)[number]): string => {
    const found = given[name];
    if (typeof found !== 'string') throw new Error(`a record has no ${name}`);
    return found;
  };
  return {
    id: text('id'),
    event: text('event'),
    lane: text('lane'),
    at: text('at'),
    traceparent: text('traceparent'),
    body: text('body'),
  };
}
