import type { RedisSettings } from '../rpc/redis-bus.ts';
import { type Fields, mapping, optionalText, refuseOthers, requiredText, wholeNumber } from './fields.ts';

/** How a worker reaches the server, and signs for it. */
export type ServerConfig = {
  apiKey: string;
  apiSecret: string;
  /** `ws://arc-realtime:7880` */
  wsUrl: string;
  redis: RedisSettings;
};

/** The fields that `parseServer` reads. */
export const serverFields: readonly string[] = ['api_key', 'api_secret', 'ws_url', 'redis'];

/**
 * @param whose `the embedded egress worker`
 * @throws Error that names the field which is missing, wrong, or not supported here, and never its value
 */
export function parseServer(fields: Fields, whose: string): ServerConfig {
  const redis = mapping(fields.redis, 'redis');
  refuseOthers(redis, { allowed: ['address', 'username', 'password', 'db'], prefix: 'redis.', whose });
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
  };
}
