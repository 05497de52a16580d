import { readdirSync, readFileSync } from 'node:fs';
import { Ajv2020, type AnySchemaObject } from 'ajv/dist/2020.js';
import { CORE_SCHEMA, load as loadYaml, mergeTag } from 'js-yaml';
import { describe, expect, test } from 'vitest';
import { mutateStructure, pick, randomFrom } from '../../../tests/fixtures/mutate.ts';
import { parseYaml } from '../yaml/parse.ts';
import { checkNode } from './check.ts';
import { type JsonSchema, shapesOf } from './shape.ts';

const root = new URL('../../../', import.meta.url);
const read = (path: string) => readFileSync(new URL(path, root), 'utf8');
const yaml = (text: string) => loadYaml(text, { schema: CORE_SCHEMA.withTags(mergeTag) });

const upstreamConfig = {
  port: 7880,
  bind_addresses: ['127.0.0.1'],
  rtc: {
    tcp_port: 7881,
    udp_port: '50100-50110',
    use_external_ip: 'no',
    node_ip: '127.0.0.1',
    pli_throttle: { low_quality: '500ms' },
  },
  redis: {
    address: 'arc-cache:6379',
    db: 0,
    password: 12345678,
    tls: { enabled: true },
    sentinel_addresses: ['a:1'],
  },
  keys: { devkey: 'secret' },
  turn: { enabled: true, domain: 'turn.example.com', tls_port: 7882 },
  room: {
    enabled_codecs: [{ mime: 'audio/opus' }],
    room_configurations: { big: { maxParticipants: 5, tags: { a: 'b' } } },
  },
  video: { stream_tracker_manager: { video: { packet_tracker: { 0: { samples_required: 1 } } } } },
  limit: { bytes_per_sec: 1.5 },
  health_port: 7888,
  api_key: 'devkey',
  ws_url: 'ws://arc-realtime:7880',
  cpu_cost: {},
  latency: { pipeline_latency: '3s' },
  rtc_config: { udp_port: 7885 },
  storage: {
    s3: {
      endpoint: 'http://arc-storage:9000',
      force_path_style: true,
      max_retry_delay: '1s',
      metadata: { a: 'b' },
    },
  },
};

/** The embedded workers take the very files of upstream's, and few of their fields. */
function documentOf(file: string): unknown {
  const worker = /^embedded-(\w+)\./.exec(file)?.[1];
  return worker === undefined
    ? fieldsOf(`schemas/upstream/${file}`)
    : yaml(read(`services/realtime/${worker}.yaml`));
}

/** What of the config above the upstream has. */
function fieldsOf(path: string): unknown {
  const { properties } = JSON.parse(read(path));
  return Object.fromEntries(Object.entries(upstreamConfig).filter(([key]) => key in properties));
}

/** Schemas with documents that are right. */
const cases: readonly { path: string; documents: readonly unknown[] }[] = [
  {
    path: 'schemas/service.schema.json',
    documents: ['cache', 'storage', 'realtime'].map((role) => yaml(read(`services/${role}/service.yaml`))),
  },
  { path: 'schemas/profiles.schema.json', documents: [yaml(read('services/profiles.yaml'))] },
  {
    path: 'schemas/workspace.schema.json',
    documents: [
      {
        project: 'arc',
        bases: 'local',
        base_overrides: { cache: 'auto' },
        flavours: 'embedded',
        flavour_overrides: { 'realtime-egress': 'upstream' },
        mirrors: { 'docker.io': 'm:5000/x' },
        settings: { media: 'mux' },
      },
    ],
  },
  {
    path: 'schemas/images-lock.schema.json',
    documents: [
      {
        version: 1,
        bases: {
          'docker.io/library/redis:7.4': {
            registry: 'docker.io',
            digest: `sha256:${'1'.repeat(64)}`,
            platforms: {
              'linux/amd64': `sha256:${'2'.repeat(64)}`,
              'linux/arm64': `sha256:${'3'.repeat(64)}`,
            },
            locked: '2026-11-21',
          },
        },
      },
    ],
  },
  {
    path: 'schemas/provision/s3.bucket.schema.json',
    documents: [
      {
        kind: 's3.bucket',
        name: 'recordings',
        versioning: true,
        lifecycle: [{ prefix: 'tmp/', expire_days: 7, expire_noncurrent_days: 1 }],
        quota: '50g',
        policy: 'download',
      },
    ],
  },
  ...readdirSync(new URL('schemas/upstream/', root)).map((file) => ({
    path: `schemas/upstream/${file}`,
    documents: [documentOf(file)],
  })),
];

const ajv = new Ajv2020({
  allErrors: true,
  strict: true,
  allowUnionTypes: true,
  strictTuples: false,
  // A required property may be defined by what a $ref leads to.
  strictRequired: false,
  discriminator: true,
});
ajv.addVocabulary([
  'x-upstream',
  'x-unit',
  'x-files',
  'x-renamed',
  'x-defines',
  'x-refers',
  'x-of',
  'x-address',
  'x-listens',
  'x-url',
  'x-told',
  'x-needs',
  'x-secret',
]);

describe.each(cases)('$path', ({ path, documents }) => {
  const schema = JSON.parse(read(path)) as JsonSchema & AnySchemaObject;
  const validate = ajv.compile(schema);
  const shapes = shapesOf(schema);
  const accepts = (document: unknown) => {
    // JSON is YAML.
    const { tree } = parseYaml({ file: 'x.yaml', content: JSON.stringify(document) });
    return tree !== undefined && checkNode({ shapes, schema, node: tree }).length === 0;
  };

  test('is a schema that Ajv compiles in strict mode', () => {
    expect(ajv.validateSchema(schema)).toBe(true);
  });

  test('accepts the documents that the test begins with', () => {
    for (const document of documents) {
      expect(validate(document), JSON.stringify(validate.errors)).toBe(true);
      expect(accepts(document)).toBe(true);
    }
  });

  test('gets the same verdict as from Ajv on 1,000 documents', () => {
    const random = randomFrom(path.length);
    const verdicts = new Set<boolean>();
    for (let round = 0; round < 1_000; round += 1) {
      const document = mutateStructure(random, pick(random, documents));
      const expected = validate(document) === true;
      verdicts.add(expected);
      if (accepts(document) !== expected) {
        expect.fail(
          `Ajv says ${expected}: ${JSON.stringify(validate.errors)} of ${JSON.stringify(document)}`,
        );
      }
    }
    expect(verdicts).toEqual(new Set([true, false]));
  });
});
