import { load } from 'js-yaml';
import type { RedisSettings } from '../rpc/redis-bus.ts';

/** What the worker takes from `ingress.yaml`, the file that upstream's worker reads too. */
export type IngressConfig = {
  apiKey: string;
  apiSecret: string;
  /** `ws://arc-realtime:7880` */
  wsUrl: string;
  redis: RedisSettings;
  rtmpPort: number;
  healthPort: number;
};

const known = ['api_key', 'api_secret', 'ws_url', 'redis', 'rtmp_port', 'health_port'];
const knownOfRedis = ['address', 'username', 'password', 'db'];

/**
 * @throws Error that names the field which is missing, wrong, or not supported here, and never its value
 */
export function parseIngressConfig(text: string): IngressConfig {
  const fields = mapping(load(text), 'ingress.yaml');
  refuseOthers(fields, known, '');
  const redis = mapping(fields.redis, 'redis');
  refuseOthers(redis, knownOfRedis, 'redis.');
  const username = optionalText(redis, 'username');
  const password = optionalText(redis, 'password');
  return {
    apiKey: requiredText(fields, 'api_key'),
    apiSecret: requiredText(fields, 'api_secret'),
    wsUrl: requiredText(fields, 'ws_url'),
    redis: {
      address: requiredText(redis, 'address', 'redis.'),
      ...(username ? { username } : {}),
      ...(password ? { password } : {}),
      db: port(redis, 'db', 0),
    },
    rtmpPort: port(fields, 'rtmp_port', 1935),
    healthPort: port(fields, 'health_port', 7888),
  };
}

type Fields = Readonly<Record<string, unknown>>;

function mapping(value: unknown, name: string): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new Error(`${name} is missing, or no mapping`);
  return value as Fields;
}

function refuseOthers(fields: Fields, allowed: readonly string[], prefix: string): void {
  const other = Object.keys(fields).find((name) => !allowed.includes(name));
  if (other) throw new Error(`${prefix}${other} is not supported by the embedded ingress worker`);
}

function requiredText(fields: Fields, name: string, prefix = ''): string {
  const value = fields[name];
  if (typeof value !== 'string' || value === '') throw new Error(`${prefix}${name} is missing, or no text`);
  return value;
}

function optionalText(fields: Fields, name: string): string | undefined {
  const value = fields[name];
  if (value === undefined || value === null) return undefined;
  // A password of digits is a number in YAML.
  return String(value);
}

function port(fields: Fields, name: string, otherwise: number): number {
  const value = fields[name] ?? otherwise;
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 0 || value > 65_535)
    throw new Error(`${name} must be a whole number`);
  return value;
}
