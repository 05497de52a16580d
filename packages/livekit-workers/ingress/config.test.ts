import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseCores, parseIngressConfig } from './config.ts';

const whole = {
  api_key: 'key',
  api_secret: 'the-secret',
  ws_url: 'ws://host:7880',
  redis: { address: 'host:6379' },
};
const parse = (fields: object) => parseIngressConfig(JSON.stringify(fields));

describe('the configuration of the embedded ingress worker', () => {
  it('is the file that is rendered for upstream’s', () => {
    const rendered = readFileSync(
      join(import.meta.dirname, '../../../services/realtime/ingress.yaml'),
      'utf8',
    );
    expect(parseIngressConfig(rendered)).toMatchObject({
      wsUrl: 'ws://arc-realtime:7880',
      redis: { address: 'arc-cache:6379', password: expect.any(String) },
      rtmpPort: 1935,
      healthPort: 7888,
    });
  });

  it('has the ports that upstream’s have by default', () => {
    expect(parse(whole)).toMatchObject({ rtmpPort: 1935, healthPort: 7888 });
  });

  it.each([
    [{ ...whole, whip_port: 8080 }, 'whip_port is not supported'],
    [
      { ...whole, redis: { ...whole.redis, sentinel_addresses: [] } },
      'redis.sentinel_addresses is not supported',
    ],
    [{ ...whole, api_secret: undefined }, 'api_secret is missing'],
    [{ ...whole, redis: undefined }, 'redis is missing'],
    [{ ...whole, redis: { address: '' } }, 'redis.address is missing'],
    [{ ...whole, rtmp_port: 'many' }, 'rtmp_port must be a whole number'],
  ])('names the field that is wrong, and no value', (fields, words) => {
    expect(() => parse(fields)).toThrow(words);
    expect(() => parse(fields)).not.toThrow('the-secret');
  });
});

describe('the cores that streams may take', () => {
  it('are said, in parts too, or are those of the machine', () => {
    expect([undefined, '', '0.5', '4'].map((text) => parseCores('INGRESS_CORES', text))).toEqual([
      undefined,
      undefined,
      0.5,
      4,
    ]);
  });

  it.each(['0', '-1', 'many', 'Infinity'])('are not %s', (text) => {
    expect(() => parseCores('INGRESS_CORES', text)).toThrow('INGRESS_CORES must be a number of cores');
  });
});
