/** What this program is told by its environment. */
export type Config = {
  port: number;
  livekit: { url: string; key: string; secret: string };
  speech: { url: string };
  /** Where promised rows and events wait, and vectors of the documentation are kept. */
  folder: string;
  /** Folder of the pages of the documentation. */
  docs: string;
  /** Undefined in a stack without SQL. */
  sql: { url: string } | undefined;
  /** Keys of users, which events with personal fields are encrypted with. */
  keys: { url: string } | undefined;
  nats: { url: string; seedFile: string } | undefined;
  /** Prometheus; undefined in a stack without it. */
  metrics: { url: string } | undefined;
  /** Who thinks beside the skills. */
  model: { url: string; name: string; key: string } | undefined;
  /** For how many days turns are kept. */
  keepDays: number;
};

/**
 * Reads the environment. What a stack does not have is an empty text.
 *
 * @param options.read the text of a file
 * @throws RangeError with the variable that is wrong
 */
export function readConfig(options: {
  environment: Readonly<Record<string, string | undefined>>;
  read: (path: string) => string;
}): Config {
  const { environment, read } = options;
  const optional = (name: string): string => environment[name] ?? '';
  const text = (name: string): string => {
    const value = optional(name);
    if (value === '') throw new RangeError(`${name} is not set.`);
    return value;
  };
  const file = (name: string): string => read(text(name)).trim();
  const number = (name: string, least: number, most: number): number => {
    const value = Number(text(name));
    if (!Number.isInteger(value) || value < least || value > most)
      throw new RangeError(`${name} has to be a whole number from ${least} to ${most}.`);
    return value;
  };
  /** Of a database on `host:port`. */
  const database = (user: string, passwordFile: string): { url: string } | undefined => {
    const at = optional('BRAIN_SQL');
    if (at === '') return undefined;
    return { url: `postgres://${user}:${encodeURIComponent(file(passwordFile))}@${at}/arc` };
  };
  return {
    port: number('BRAIN_PORT', 1, 65_535),
    livekit: {
      url: text('LIVEKIT_URL'),
      key: file('LIVEKIT_API_KEY_FILE'),
      secret: file('LIVEKIT_API_SECRET_FILE'),
    },
    speech: { url: text('SPEECH_URL') },
    folder: text('BRAIN_FOLDER'),
    docs: text('BRAIN_DOCS'),
    sql: database('voice_agent', 'BRAIN_SQL_PASSWORD_FILE'),
    keys: database('contract_keys', 'BRAIN_KEYS_PASSWORD_FILE'),
    nats:
      optional('NATS_URL') === '' ? undefined : { url: text('NATS_URL'), seedFile: text('NATS_SEED_FILE') },
    metrics: optional('PROMETHEUS_URL') === '' ? undefined : { url: text('PROMETHEUS_URL') },
    model: modelOf({ base: optional('BRAIN_BASE_URL'), text, file }),
    keepDays: number('BRAIN_KEEP_DAYS', 1, 3650),
  };
}

function modelOf(options: {
  base: string;
  text: (name: string) => string;
  file: (name: string) => string;
}): Config['model'] {
  const { base, text, file } = options;
  if (base === '' || base === 'local') return undefined;
  if (!/^https?:\/\/[^\s]+$/u.test(base))
    throw new RangeError('BRAIN_BASE_URL has to be "local" or an http URL.');
  return {
    // Both forms are common: with the API's `/v1`, and without.
    url: base.replace(/\/+$/u, '').replace(/\/v1$/u, ''),
    name: text('BRAIN_MODEL'),
    key: file('BRAIN_KEY_FILE'),
  };
}
