import { expect, test } from 'vitest';
import { manifests, secret, service, setting } from '../../tests/fixtures/manifests.ts';
import { Secret } from '../core/secret.ts';
import { resolveStack } from './resolve.ts';
import { noChoices } from './settings.ts';

const at = { file: 'services/messaging/service.yaml', line: 20, column: 5 };

function provisionOf(
  fields: Parameters<typeof service>[0]['provision'],
  files: ReadonlyMap<string, string | Uint8Array> = new Map(),
) {
  const messaging = service({
    role: 'messaging',
    settings: { tenant: setting({ default: 'voice' }) },
    secrets: { user_password: secret({ dev: 'dev-user-password', env: 'USER_PASSWORD' }) },
    ...(fields === undefined ? {} : { provision: fields }),
  });
  return resolveStack({
    manifests: manifests({ services: [messaging] }),
    templates: files,
    selection: [],
    without: [],
    settings: noChoices,
    secrets: new Map(),
  }).containers[0]?.provision;
}

test('texts at any depth are rendered, and one that a secret is in cannot be printed', () => {
  const resolved = provisionOf([
    {
      kind: 'nats.user',
      name: '{{ settings.tenant }}-bridge',
      fields: {
        limit: 3,
        password: '{{ secrets.user_password }}',
        allow: [{ publish: '{{ project }}.{{ settings.tenant }}.>' }],
      },
      files: [],
      location: at,
    },
  ]);
  expect(resolved).toEqual([
    {
      kind: 'nats.user',
      name: 'voice-bridge',
      fields: { limit: 3, password: expect.any(Secret), allow: [{ publish: 'arc.voice.>' }] },
      files: [],
      location: at,
    },
  ]);
  const password = resolved?.[0]?.fields.password;
  expect(password instanceof Secret && password.reveal()).toBe('dev-user-password');
});

test('a template that cannot be rendered is an error at its entry', () => {
  expect(() =>
    provisionOf([
      { kind: 's3.bucket', name: 'a', fields: { policy: '{{ settings.tennant }}' }, files: [], location: at },
    ]),
  ).toThrow('provision s3.bucket a.policy of arc-messaging: `settings.tennant` does not exist.');
});

test('files are read byte by byte, and nothing in them is a template', () => {
  const resolved = provisionOf(
    [
      {
        kind: 'sql.migrations',
        name: 'agents',
        fields: {},
        files: ['services/messaging/migrations/1.sql', 'services/messaging/migrations/2.bin'],
        location: at,
      },
    ],
    new Map<string, string | Uint8Array>([
      ['services/messaging/migrations/1.sql', "SELECT '{{ settings.tenant }} \u00e9';\n"],
      ['services/messaging/migrations/2.bin', new Uint8Array([0xff, 0x00, 0x0a])],
    ]),
  );
  expect(
    resolved?.[0]?.files.map(({ path, content, sha256 }) => [
      path,
      Buffer.from(content).toString('hex'),
      sha256.slice(0, 8),
    ]),
  ).toEqual([
    ['migrations/1.sql', Buffer.from("SELECT '{{ settings.tenant }} \u00e9';\n").toString('hex'), 'a22f9296'],
    ['migrations/2.bin', 'ff000a', 'c933d2fe'],
  ]);
});

test('a file that is not there is an error at its entry', () => {
  expect(() =>
    provisionOf([
      {
        kind: 'sql.migrations',
        name: 'agents',
        fields: {},
        files: ['services/messaging/a.sql'],
        location: at,
      },
    ]),
  ).toThrow('The file services/messaging/a.sql does not exist.');
});
