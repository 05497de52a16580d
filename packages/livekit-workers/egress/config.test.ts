import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseEgressConfig } from './config.ts';

const whole = {
  api_key: 'key',
  api_secret: 'the-secret',
  ws_url: 'ws://host:7880',
  redis: { address: 'host:6379' },
};
const s3 = { access_key: 'user', secret: 'the-secret', bucket: 'recordings' };
const parse = (fields: object) => parseEgressConfig(JSON.stringify(fields));

describe('the configuration of the embedded egress worker', () => {
  it('is the file that is rendered for upstream’s', () => {
    const rendered = readFileSync(
      join(import.meta.dirname, '../../../services/realtime/egress.yaml'),
      'utf8',
    );
    expect(parseEgressConfig(rendered)).toMatchObject({
      wsUrl: 'ws://arc-realtime:7880',
      redis: { address: 'arc-cache:6379', password: expect.any(String) },
      healthPort: 7889,
      s3: {
        endpoint: 'http://arc-storage:9000',
        bucket: 'recordings',
        region: 'us-east-1',
        forcePathStyle: true,
      },
    });
  });

  it('may be without storage, which every request then has to name', () => {
    expect(parse(whole)).not.toHaveProperty('s3');
  });

  it('may be without a key of the storage, which the environment then has', () => {
    const { s3: found } = parse({ ...whole, storage: { s3: { bucket: 'recordings' } } });
    expect(found).toEqual({ bucket: 'recordings', region: 'us-east-1', forcePathStyle: false });
  });

  it('may say how long an egress may last', () => {
    const session_limits = { file_output_max_duration: '1h30m', stream_output_max_duration: '1.5s' };
    expect(parse({ ...whole, session_limits }).sessionLimits).toEqual({ file: 5_400, stream: 1.5 });
    expect(parse(whole).sessionLimits).toEqual({});
  });

  it.each([
    [{ ...whole, session_limits: { file_output_max_duration: 'long' } }, 'must be a time such as'],
    [{ ...whole, session_limits: { image_output_max_duration: '1h' } }, 'is not supported'],
    [{ ...whole, cpu_cost: {} }, 'cpu_cost is not supported'],
    [{ ...whole, storage: { gcp: {} } }, 'storage.gcp is not supported'],
    [{ ...whole, storage: { s3: { ...s3, proxy_config: {} } } }, 'storage.s3.proxy_config is not supported'],
    [{ ...whole, storage: { s3: { ...s3, bucket: undefined } } }, 'storage.s3.bucket is missing'],
    [{ ...whole, storage: { s3: { ...s3, access_key: undefined } } }, 'storage.s3.access_key is missing'],
    [{ ...whole, redis: { address: 'host', use_tls: true } }, 'redis.use_tls is not supported'],
    [{ ...whole, api_secret: undefined }, 'api_secret is missing'],
    [{ ...whole, health_port: 'many' }, 'health_port must be a whole number'],
  ])('names the field that is wrong, and no value', (fields, words) => {
    expect(() => parse(fields)).toThrow(words);
    expect(() => parse(fields)).not.toThrow('the-secret');
  });
});
