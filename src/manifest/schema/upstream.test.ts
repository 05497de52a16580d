import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { upstreamSchema, upstreamSchemaNames } from './load.ts';
import { type JsonSchema, propertyOf, shapesOf } from './shape.ts';

const folder = new URL('../../../schemas/', import.meta.url);
const files = [
  ...readdirSync(folder),
  ...['upstream', 'provision'].flatMap((name) =>
    readdirSync(new URL(`${name}/`, folder)).map((file) => `${name}/${file}`),
  ),
].filter((file) => file.endsWith('.json'));

/** Every schema within a schema. */
function* schemasIn(value: unknown): Generator<JsonSchema> {
  if (typeof value !== 'object' || value === null) return;
  if (!Array.isArray(value)) yield value as JsonSchema;
  for (const inner of Object.values(value)) yield* schemasIn(inner);
}

/** Answers of commands (`upResult`) may hold more than their schema names. */
function withoutAnswers(document: JsonSchema): JsonSchema {
  const definitions = Object.entries(document.$defs ?? {}).filter(([name]) => !name.endsWith('Result'));
  return { ...document, $defs: Object.fromEntries(definitions) };
}

describe.each(files)('%s', (file) => {
  const document = JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as JsonSchema;

  test('refuses every field that it does not name', () => {
    for (const schema of schemasIn(withoutAnswers(document))) {
      if (typeof schema.properties !== 'object' || 'const' in schema) continue;
      const definitions = document.$defs as JsonSchema | undefined;
      const isPart = ['runnable', 'container', 'provisioned'].some((name) => schema === definitions?.[name]);
      // A mapping of properties may have one that is called `type`, or `properties`.
      const named = typeof schema.type === 'string' || Array.isArray(schema.type);
      if (isPart || !named) continue;
      expect(
        schema.additionalProperties ?? schema.unevaluatedProperties,
        JSON.stringify(schema).slice(0, 80),
      ).toBe(false);
    }
  });

  test('refers only to definitions that are there', () => {
    const shapes = shapesOf(document);
    for (const schema of schemasIn(document)) {
      if (typeof schema.$ref === 'string') expect(() => shapes(schema)).not.toThrow();
    }
  });
});

/** Whether an upstream has a field, by its path. */
function has(name: string, path: string): boolean {
  const prepared = upstreamSchema(name);
  if (prepared === undefined) return false;
  let schema: JsonSchema | false | undefined = prepared.schema;
  for (const step of path.split('.')) {
    if (schema === undefined || schema === false) return false;
    const shape = prepared.shapes(schema);
    schema = propertyOf(shape, step) ?? shape.additional;
  }
  return schema !== undefined && schema !== false;
}

describe('the upstreams', () => {
  test('are known by name', () => {
    expect([...upstreamSchemaNames()]).toEqual([
      'embedded-egress',
      'embedded-ingress',
      'livekit-egress',
      'livekit-ingress',
      'livekit-server',
    ]);
    expect(upstreamSchema('livekit')).toBeUndefined();
    expect(upstreamSchema('../service')).toBeUndefined();
  });

  test.each([
    [
      'livekit-server',
      '1.13.5',
      [
        'port',
        'rtc.tcp_port',
        'rtc.udp_port',
        'rtc.port_range_start',
        'keys.anything',
        'turn.external_tls',
        'redis.address',
        'webhook.urls',
        'ingress.rtmp_base_url',
      ],
    ],
    [
      'livekit-ingress',
      '1.5.0',
      [
        'ws_url',
        'redis.address',
        'health_port',
        'rtmp_port',
        'whip_port',
        'rtc_config.udp_port',
        'cpu_cost.min_idle_ratio',
      ],
    ],
    [
      'livekit-egress',
      '1.14.0',
      [
        'ws_url',
        'storage.s3.force_path_style',
        'storage.s3.region',
        'cpu_cost.max_cpu_utilization',
        'template_port',
        'insecure',
      ],
    ],
  ])('%s %s has its fields', (name, version, paths) => {
    expect(upstreamSchema(name)?.schema['x-upstream']).toMatchObject({ version });
    for (const path of paths) expect([path, has(name, path)]).toEqual([path, true]);
  });

  test.each([
    ['livekit-server', ['grpc_port', 'udp_port_range_start', 'rtc.udp_port_range_end']],
    ['livekit-ingress', ['api_url', 'storage', 'rtc_config.pli_throttle']],
    ['livekit-egress', ['api_url', 's3', 'max_cpu_utilization']],
  ])('%s does not have fields that older texts tell of', (name, paths) => {
    for (const path of paths) expect([path, has(name, path)]).toEqual([path, false]);
  });
});
