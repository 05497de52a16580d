import { readFileSync } from 'node:fs';
import { load } from 'js-yaml';

export type Config = {
  /** The API key that LiveKit signs with, and its secret. */
  key: string;
  secret: string;
  /** Folder of what waits. */
  folder: string;
  /** Bytes that may wait. */
  limit: number;
  port: number;
};

/** @throws Error that names the field that is wrong, and never shows its value */
export function parseConfig(content: string): Config {
  const fields: unknown = load(content);
  if (typeof fields !== 'object' || fields === null) throw new Error('the configuration is not a mapping');
  const given = fields as Readonly<Record<string, unknown>>;
  const text = (name: string): string => {
    const value = given[name];
    if (typeof value !== 'string' || value === '') throw new Error(`${name} is missing, or not a text`);
    return value;
  };
  const number = (name: string): number => {
    const value = given[name];
    if (typeof value !== 'number' || !Number.isSafeInteger(value) || value <= 0)
      throw new Error(`${name} is missing, or not a whole number above 0`);
    return value;
  };
  return {
    key: text('key'),
    secret: text('secret'),
    folder: text('folder'),
    limit: number('limit'),
    port: number('port'),
  };
}

/** Reads the file that WEBHOOKS_CONFIG names. NATS_URL and NATS_SEED_FILE are read by the client. */
export function readConfig(): Config {
  const file = process.env.WEBHOOKS_CONFIG ?? '/etc/arc/webhooks.yaml';
  return parseConfig(readFileSync(file, 'utf8'));
}
