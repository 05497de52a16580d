import { expect, test } from 'vitest';
import { manifests, secret, service } from '../../tests/fixtures/manifests.ts';
import { Secret } from '../core/secret.ts';
import { runtimeConfig } from '../render/config.ts';
import { generateArtefacts } from '../render/generate.ts';
import { asBootable } from './bootable.ts';
import { resolveStack } from './resolve.ts';
import { noChoices } from './settings.ts';

const app = service({
  role: 'app',
  env_from: { APP_TOKEN: 'token' },
  secret_files: [{ secret: 'key', file: 'key.pem', target: '/key.pem' }],
  secrets: {
    token: secret({ dev: 'dev-token-value', env: 'TOKEN' }),
    key: secret({ dev: 'dev-key-value\n', env: 'KEY' }),
  },
});
const workspace = manifests({ services: [app] });

function stackOf(secrets: ReadonlyMap<string, Secret>) {
  return resolveStack({
    manifests: workspace,
    templates: new Map(),
    selection: [],
    without: [],
    settings: noChoices,
    secrets,
  });
}

test('with development values, what holds them is committed', () => {
  const generated = generateArtefacts({ manifests: workspace, templates: new Map(), services: [] });
  const text = (path: string) => generated.find((artefact) => artefact.path === path);
  expect(text('services/app/key.pem')).toEqual({
    path: 'services/app/key.pem',
    text: 'dev-key-value\n',
    exact: true,
  });
  expect(text('services/app/app.secrets.env')?.text).toMatch(
    /^# Generated .*\n.*\nAPP_TOKEN='dev-token-value'\n$/,
  );
  const compose = text('services/app/docker-compose.yml')?.text ?? '';
  // biome-ignore lint/suspicious/noTemplateCurlyInString: a variable of Compose
  expect(compose).toContain('- ${ARC_CONFIG_DIR:-..}/app/app.secrets.env');
  expect(compose).not.toContain('dev-token-value');
});

test('real values are in files that git ignores, and in no printed stack', () => {
  const stack = stackOf(
    new Map([
      ['token', new Secret('a-real-token')],
      ['key', new Secret('a-real-key')],
    ]),
  );
  expect(JSON.stringify(stack)).not.toContain('a-real');
  expect(
    runtimeConfig(asBootable(stack)).map(({ path, text }) => [path, text.split('\n').at(-2) ?? text]),
  ).toEqual([
    ['.arc/config/app/key.pem', 'a-real-key'],
    ['.arc/config/app/app.secrets.env', "APP_TOKEN='a-real-token'"],
  ]);
});

test('one real secret moves only what holds it', () => {
  const [container] = stackOf(new Map([['key', new Secret('a-real-key')]])).containers;
  expect(container?.secretEnvironment?.file).toBe('services/app/app.secrets.env');
  expect(container?.config.map(({ file }) => file)).toEqual(['.arc/config/app/key.pem']);
});
