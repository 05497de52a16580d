import { describe, expect, test } from 'vitest';
import { manifests, profile, service } from '../../tests/fixtures/manifests.ts';
import { realWorkspace, serviceText } from '../../tests/fixtures/workspace.ts';
import { parseManifests } from '../manifest/parse.ts';
import { drawBlueprint } from '../render/blueprint.ts';
import { templatesOf } from '../workspace/templates.ts';
import type { ResolveOptions } from './draft.ts';
import { resolveStack } from './resolve.ts';
import { noChoices } from './settings.ts';

const config = [{ template: 'app.yaml.liquid', file: 'app.yaml', target: '/app.yaml' }];
const app = service({ role: 'app', needs: ['cache', 'telemetry+'], config });
const platform = manifests({
  services: [service({ role: 'cache' }), app, service({ role: 'telemetry' })],
  profiles: [profile({ name: 'think', services: ['app'] })],
});
const templates = new Map([
  [
    'services/app/app.yaml.liquid',
    'a: 1\n{%- if containers.telemetry %}\nto: {{ containers.telemetry.host }}\n{%- endif %}\n',
  ],
]);

function resolve(selection: readonly string[], options: Partial<ResolveOptions> = {}) {
  const stack = resolveStack({
    manifests: platform,
    templates,
    selection,
    without: [],
    settings: noChoices,
    secrets: new Map(),
    ...options,
  });
  const found = stack.containers.find(({ role }) => role === 'app');
  return {
    roles: stack.containers.map(({ role }) => role),
    warnings: stack.warnings,
    needs: found?.dependsOn.map(({ role }) => role),
    text: found?.config[0]?.content.reveal(),
    file: found?.config[0]?.file,
  };
}

describe('a dependency that counts only when it is present', () => {
  test('brings nothing into the stack, and is neither waited for nor named by templates', () => {
    expect(resolve([])).toEqual({
      roles: ['cache', 'app'],
      warnings: [],
      needs: ['cache'],
      text: 'a: 1\n',
      file: 'services/app/app.yaml',
    });
  });

  test('is waited for, and named by templates, where both are part of the stack', () => {
    expect(resolve(['app', 'telemetry'])).toMatchObject({
      roles: ['cache', 'telemetry', 'app'],
      needs: ['cache', 'telemetry'],
      text: 'a: 1\nto: arc-telemetry\n',
    });
  });

  test('gives a file that differs from the committed one a place that git ignores', () => {
    expect(resolve(['app', 'telemetry']).file).toBe('.arc/config/app/app.yaml');
  });

  test('is named by templates where it has a container, but is no part of the stack and not waited for', () => {
    const present = new Set(['telemetry']);
    expect(resolve(['app'], { present })).toMatchObject({
      roles: ['cache', 'app'],
      needs: ['cache'],
      text: 'a: 1\nto: arc-telemetry\n',
    });
    expect(resolve(['app'], { present, without: ['telemetry'] }).text).toBe('a: 1\n');
  });

  test('is named by templates and never waited for, where the container only uses it', () => {
    const using = service({ role: 'app', needs: ['cache', 'telemetry~'], config });
    const services = [service({ role: 'cache' }), using, service({ role: 'telemetry', needs: ['app'] })];
    expect(resolve(['app', 'telemetry'], { manifests: manifests({ services }) })).toMatchObject({
      roles: ['cache', 'app', 'telemetry'],
      needs: ['cache'],
      text: 'a: 1\nto: arc-telemetry\n',
    });
    expect(resolve(['app'], { manifests: manifests({ services }) })).toMatchObject({ text: 'a: 1\n' });
  });

  test('goes by what has a container alone where everything is resolved', () => {
    const everything = (present: readonly string[]) =>
      resolve(['app', 'telemetry'], { present: new Set(present), presentOnly: true });
    expect(everything([])).toMatchObject({ needs: ['cache'], text: 'a: 1\n' });
    expect(everything(['telemetry'])).toMatchObject({
      needs: ['cache', 'telemetry'],
      text: 'a: 1\nto: arc-telemetry\n',
    });
  });

  test('refuses nothing where it is left out', () => {
    expect(resolve(['app', 'telemetry'], { without: ['telemetry'] })).toMatchObject({
      roles: ['cache', 'app'],
      warnings: [],
      text: 'a: 1\n',
    });
  });

  test('is in committed files only where they bring it along anyway', () => {
    const committed = (services: Parameters<typeof manifests>[0]['services']) => {
      const blueprint = drawBlueprint({ manifests: manifests({ services }), templates, services: [] });
      const container = blueprint.containers.get('app');
      return { needs: container?.dependsOn.map(({ role }) => role), links: blueprint.links.get('app') };
    };
    expect(committed(platform.services)).toEqual({ needs: ['cache'], links: ['cache'] });
    const cache = service({ role: 'cache', needs: ['telemetry'] });
    expect(committed([cache, app, service({ role: 'telemetry' })])).toEqual({
      needs: ['cache', 'telemetry'],
      links: ['cache', 'telemetry'],
    });
  });

  test('says why a template that does not ask has no value', () => {
    const asking = new Map([['services/app/app.yaml.liquid', 'to: {{ containers.telemetry.host }}']]);
    expect(() => resolve([], { templates: asking })).toThrow(
      '`containers.telemetry` has no value here: telemetry is not always part of the same stack.',
    );
  });
});

test('think stays at five containers, whatever realtime can use when it is present', async () => {
  const files = new Map(await realWorkspace());
  const file = 'services/realtime/service.yaml';
  files.set(
    file,
    String(files.get(file)).replace(
      /^depends_on:$/m,
      'depends_on:\n  - { service: observer, when_present: true }',
    ),
  );
  files.set('services/observer/service.yaml', serviceText('observer'));
  const { manifests: found, problems } = parseManifests({ files });
  expect(problems).toEqual([]);
  if (found === undefined) throw new Error('no manifests');
  const stack = resolveStack({
    manifests: found,
    templates: templatesOf({ manifests: found, files }),
    selection: ['think'],
    without: [],
    settings: noChoices,
    secrets: new Map(),
  });
  expect(stack.containers.filter(({ kind }) => kind === 'service').map(({ role }) => role)).toEqual([
    'cache',
    'storage',
    'realtime',
    'realtime-egress',
    'realtime-ingress',
  ]);
});
