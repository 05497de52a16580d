import { describe, expect, test } from 'vitest';
import { location, manifests, secret, service } from '../../tests/fixtures/manifests.ts';
import { Secret } from '../core/secret.ts';
import { resolveStack } from './resolve.ts';
import { noChoices } from './settings.ts';

const logs = service({
  role: 'logs',
  folders: [
    { folder: 'rules', target: '/etc/rules', follows: false, location: location() },
    { folder: 'dashboards', target: '/srv/dashboards', follows: false, location: location() },
  ],
  secrets: { hook: secret({ dev: 'dev-hook-address', env: 'HOOK' }) },
});
const templates = new Map([
  ['services/logs/rules/a.yaml.liquid', 'a: 1\n'],
  ['services/logs/rules/deep/b.yaml.liquid', 'hook: {{ secrets.hook | yaml }}\n'],
  ['services/logs/dashboards/voice/calls.json', '{ "title": "{{not a template}}" }'],
]);

function foldersOf(secrets: ReadonlyMap<string, Secret>, texts: ReadonlyMap<string, string> = templates) {
  const stack = resolveStack({
    manifests: manifests({ services: [logs] }),
    templates: texts,
    selection: [],
    without: [],
    settings: noChoices,
    secrets,
  });
  return stack.containers[0]?.folders.map(({ folder, target, files }) => ({
    folder,
    target,
    files: files.map(
      ({ file, content }) =>
        `${file}: ${content instanceof Secret ? content.reveal().trim() : Buffer.from(content).toString('hex')}`,
    ),
  }));
}

describe('a folder that is mounted as a whole', () => {
  test('is rendered beside its templates; files that are none stay where they are', () => {
    expect(foldersOf(new Map())).toEqual([
      {
        folder: 'services/logs/rendered/rules',
        target: '/etc/rules',
        files: [
          'services/logs/rendered/rules/a.yaml: a: 1',
          'services/logs/rendered/rules/deep/b.yaml: hook: "dev-hook-address"',
        ],
      },
      {
        folder: 'services/logs/dashboards',
        target: '/srv/dashboards',
        files: ['services/logs/dashboards/voice/calls.json: { "title": "{{not a template}}" }'],
      },
    ]);
  });

  test('that follows others stays in one place, which git ignores, whatever is in it', () => {
    const folders = logs.folders.map((one) => ({ ...one, follows: one.folder === 'rules' }));
    const stack = (alone: boolean) =>
      resolveStack({
        manifests: manifests({ services: [{ ...logs, folders }] }),
        templates,
        selection: [],
        without: [],
        settings: noChoices,
        secrets: new Map(),
        eachAlone: alone,
      }).containers[0]?.folders[0]?.folder;
    expect(stack(false)).toBe('.arc/config/logs/rendered/rules');
    // In the files that are committed.
    expect(stack(true)).toBe('services/logs/rendered/rules');
  });

  test('goes to the folder that git ignores as a whole, with one real secret in it', () => {
    const [rules, dashboards] = foldersOf(new Map([['hook', new Secret('a-real-hook')]])) ?? [];
    expect(rules?.files).toEqual([
      '.arc/config/logs/rendered/rules/a.yaml: a: 1',
      '.arc/config/logs/rendered/rules/deep/b.yaml: hook: "a-real-hook"',
    ]);
    expect(dashboards?.folder).toBe('services/logs/dashboards');
  });

  test('is never empty', () => {
    expect(() => foldersOf(new Map(), new Map())).toThrow(
      'There is no file in the folder services/logs/rules.',
    );
  });
});
