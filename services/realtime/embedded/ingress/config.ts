import { load } from 'js-yaml';
import type { RedisSettings } from '../rpc/redis-bus.ts';
import { mapping, optionalText, refuseOthers, requiredText, wholeNumber } from '../worker/fields.ts';

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
const whose = 'the embedded ingress worker';

/**
 * @throws Error that names the field which is missing, wrong, or not supported here, and never its value
 */
export function parseIngressConfig(text: string): IngressConfig {
  const fields = mapping(load(text), 'ingress.yaml');
  refuseOthers(fields, { allowed: known, prefix: '', whose });
  const redis = mapping(fields.redis, 'redis');
  refuseOthers(redis, { allowed: knownOfRedis, prefix: 'redis.', whose });
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
      db: wholeNumber(redis, 'db', 0),
    },
    rtmpPort: wholeNumber(fields, 'rtmp_port', 1935),
    healthPort: wholeNumber(fields, 'health_port', 7888),
  };
}

/**
 * @param name of the variable that says it
 * @returns nothing where nothing is said: all cores of the machine
 * @throws Error that names the variable
 */
export function parseCores(name: string, text: string | undefined): number | undefined {
  if (text === undefined || text === '') return undefined;
  const value = Number(text);
  if (!(value > 0 && value <= 1_024)) throw new Error(`${name} must be a number of cores`);
  return value;
}
