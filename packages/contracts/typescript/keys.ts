/** The key of a user: 32 bytes, for AES-256-GCM. */
export type UserKey = { id: string; key: Uint8Array };

/** Who knows the keys of users. */
export type Keys = {
  /** The user's present key; made where there is none. */
  ofUser: (user: string) => Promise<UserKey>;
  /** A key that something was encrypted with; undefined once it is destroyed. */
  byId: (id: string) => Promise<Uint8Array | undefined>;
};

/**
 * Asks for each key at most once in a while. A key that was destroyed is forgotten here when that time is over, so it is
 * the longest that personal data stays readable after `arc contract forget`.
 *
 * @param options.seconds how long a key is remembered
 * @param options.now milliseconds; a test passes its own
 */
export function cachedKeys(options: { keys: Keys; seconds?: number; now?: () => number }): Keys {
  const { keys, seconds = 60, now = Date.now } = options;
  const users = new Map<string, Entry<UserKey>>();
  const ids = new Map<string, Entry<Uint8Array | undefined>>();
  return {
    ofUser: (user) => remembered(users, user, () => keys.ofUser(user)),
    byId: (id) => remembered(ids, id, () => keys.byId(id)),
  };

  function remembered<Value>(
    entries: Map<string, Entry<Value>>,
    name: string,
    ask: () => Promise<Value>,
  ): Promise<Value> {
    const time = now();
    for (const [other, { until }] of entries) {
      if (until > time) break;
      entries.delete(other);
    }
    const known = entries.get(name);
    if (known !== undefined) return known.value;
    const value = ask();
    const entry = { value, until: time + seconds * 1000 };
    entries.set(name, entry);
    // What could not be asked is asked again.
    value.catch(() => entries.get(name) === entry && entries.delete(name));
    return value;
  }
}

type Entry<Value> = { value: Promise<Value>; until: number };
