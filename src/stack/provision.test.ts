import { expect, test } from 'vitest';
import { manifests, secret, service, setting } from '../../tests/fixtures/manifests.ts';
import { Secret } from '../core/secret.ts';
import { resolveStack } from './resolve.ts';
import { noChoices } from './settings.ts';

const at = { file: 'services/messaging/service.yaml', line: 20, column: 5 };

function provisionOf(fields: Parameters<typeof service>[0]['provision']) {
  const messaging = service({
    role: 'messaging',
    settings: { tenant: setting({ default: 'voice' }) },
    secrets: { user_password: secret({ dev: 'dev-user-password', env: 'USER_PASSWORD' }) },
    ...(fields === undefined ? {} : { provision: fields }),
  });
  return resolveStack({
    manifests: manifests({ services: [messaging] }),
    templates: new Map(),
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
      location: at,
    },
  ]);
  expect(resolved).toEqual([
    {
      kind: 'nats.user',
      name: 'voice-bridge',
      fields: { limit: 3, password: expect.any(Secret), allow: [{ publish: 'arc.voice.>' }] },
      location: at,
    },
  ]);
  const password = resolved?.[0]?.fields.password;
  expect(password instanceof Secret && password.reveal()).toBe('dev-user-password');
});

test('a template that cannot be rendered is an error at its entry', () => {
  expect(() =>
    provisionOf([
      { kind: 's3.bucket', name: 'a', fields: { policy: '{{ settings.tennant }}' }, location: at },
    ]),
  ).toThrow('provision s3.bucket a.policy of arc-messaging: `settings.tennant` does not exist.');
});
