import { load } from 'js-yaml';
import { describe, expect, it } from 'vitest';
import { Secret } from '../../src/core/secret.ts';
import { textWithHeader } from '../../src/render/config.ts';
import { loadStack, loadWorkspace } from '../../src/workspace/load.ts';
import { repository } from '../support/run-arc.ts';

// What Grafana is given, against the panels that services declare.

type Page = {
  uid: string;
  panels: readonly {
    id: number;
    title: string;
    description: string;
    datasource: { type: string; uid: string };
    gridPos: { x: number; y: number; w: number; h: number };
    fieldConfig: {
      defaults: { unit: string; thresholds: { steps: readonly { color: string; value: number | null }[] } };
    };
    targets: readonly { refId: string; expr: string; legendFormat: string; datasource: { uid: string } }[];
  }[];
};
type Sources = { datasources: readonly { uid: string; type: string; url: string; isDefault?: boolean }[] };

const workspace = await loadWorkspace({ cwd: repository });
const everything = workspace.manifests.services.map(({ role }) => role);

async function filesOf(selection: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const request = { selection, without: [], settings: {}, flavours: { byRole: {} } };
  const { containers } = await loadStack({ workspace, request, environment: {} });
  const found = containers.find(({ role }) => role === 'dashboards') ?? expect.unreachable();
  return new Map(
    found.folders.flatMap(({ files }) =>
      files.flatMap(({ file, template = '', content }) =>
        content instanceof Secret
          ? [
              [
                template.replace('services/dashboards/', ''),
                textWithHeader({ path: file, template, body: content.reveal() }),
              ] as const,
            ]
          : [],
      ),
    ),
  );
}
async function pageOf(selection: readonly string[]): Promise<Page> {
  const text = (await filesOf(selection)).get('pages/arc.json.liquid') ?? expect.unreachable();
  return JSON.parse(text) as Page;
}
async function sourcesOf(selection: readonly string[]): Promise<Sources> {
  const files = await filesOf(selection);
  return load(files.get('provisioning/datasources/arc.yaml.liquid') ?? '') as Sources;
}

const declared = workspace.manifests.services.flatMap(({ role, panels }) =>
  panels.map((panel) => ({ service: role, ...panel })),
);

describe('the dashboard of a stack with every service', () => {
  it('has each declared panel, with its PromQL and its legends as they are declared', async () => {
    const { panels } = await pageOf(everything);
    const shown = panels.map(({ title, description, targets }) => ({
      title,
      description,
      queries: targets.map(({ expr, legendFormat: legend }) => ({ expr, legend })),
    }));
    const wanted = declared.map(({ service, name, title, queries }) => ({
      title,
      description: `${service}/${name}`,
      queries: queries.map(({ expr, legend }) => ({ expr, legend })),
    }));
    expect(wanted.map(({ description }) => description)).toContain('brain/agents');
    expect(shown).toEqual(expect.arrayContaining(wanted));
    expect(shown).toHaveLength(wanted.length);
  });

  it('asks the data source that is provisioned, and gives each panel a number, a unit and a place of its own', async () => {
    const { panels } = await pageOf(everything);
    const uids = panels.flatMap(({ datasource, targets }) => [
      datasource.uid,
      ...targets.map((one) => one.datasource.uid),
    ]);
    expect(new Set(uids)).toEqual(new Set(['arc-metrics']));
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
    expect(new Set(panels.map(({ gridPos: { x, y } }) => `${x} ${y}`)).size).toBe(panels.length);
    for (const { gridPos } of panels) expect(gridPos.x + gridPos.w).toBeLessThanOrEqual(24);
    const units = new Map(panels.map((panel) => [panel.description, panel.fieldConfig.defaults.unit]));
    expect(units.get('realtime/latency')).toBe('ms');
    expect(units.get('realtime/webrtc-loss')).toBe('percent');
    expect(units.get('brain/agents')).toBe('ops');
  });

  it('has the target of a panel as the value where its colour changes', async () => {
    const { panels } = await pageOf(everything);
    const limits = (name: string) =>
      panels
        .find(({ description }) => description === name)
        ?.fieldConfig.defaults.thresholds.steps.map(({ color, value }) => `${color} ${value}`);
    expect(limits('realtime/latency')).toEqual(['green null', 'red 500']);
    expect(limits('metrics/service-health')).toEqual(['red null', 'green 1']);
    expect(limits('realtime/calls')).toEqual(['green null']);
  });

  it('reads Prometheus and Jaeger', async () => {
    const { datasources } = await sourcesOf(everything);
    expect(datasources.map(({ uid, type, url }) => `${uid} ${type} ${url}`)).toEqual([
      'arc-metrics prometheus http://arc-metrics:9090',
      'arc-traces jaeger http://arc-traces:16686',
    ]);
  });
});

describe('the dashboard of a stack with fewer services', () => {
  it('leaves out the panels that nothing there can fill, and traces', async () => {
    const { panels } = await pageOf(['dashboards', 'metrics']);
    expect(panels.map(({ description }) => description)).toEqual(['metrics/service-health']);
    const { datasources } = await sourcesOf(['dashboards', 'metrics']);
    expect(datasources.map(({ uid }) => uid)).toEqual(['arc-metrics']);
  });
});

it('lets nobody in without an account, and keeps the password out of the environment', async () => {
  const request = { selection: ['dashboards'], without: [], settings: {}, flavours: { byRole: {} } };
  const { containers } = await loadStack({ workspace, request, environment: {} });
  const found = containers.find(({ role }) => role === 'dashboards') ?? expect.unreachable();
  expect(found.environment).toMatchObject({
    GF_AUTH_ANONYMOUS_ENABLED: 'false',
    GF_USERS_ALLOW_SIGN_UP: 'false',
    GF_SECURITY_ADMIN_PASSWORD__FILE: '/run/secrets/grafana-admin-password',
  });
  const password = found.config.find(({ target }) => target === '/run/secrets/grafana-admin-password');
  expect(password?.content.reveal()).toBe('arc-dev-grafana-password');
  expect(JSON.stringify(found.environment)).not.toContain('arc-dev-grafana-password');
});
