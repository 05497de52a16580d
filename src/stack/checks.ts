import type { Fields } from '../core/data.ts';
import { defined } from '../core/defined.ts';
import { Secret } from '../core/secret.ts';
import type { CheckManifest } from '../manifest/model-checks.ts';
import { holds } from './condition.ts';
import type { Making } from './containers.ts';
import type { ResolvedCheck } from './model.ts';
import { inItsForm, probed, probeTexts } from './probe-texts.ts';
import { resolveProbe } from './probes.ts';
import { type Route, routesOf } from './routes.ts';
import type { Entry } from './workspace-index.ts';

type ServiceEntry = Extract<Entry, { kind: 'service' }>;

/** The deep checks of a service under its settings; a route probe is one for each route of the workspace. */
export function resolveChecks(options: { entry: ServiceEntry; making: Making }): readonly ResolvedCheck[] {
  const { entry, making } = options;
  const { settings, index } = making.values;
  return entry.service.checks
    .filter(({ when }) => holds({ when, settings }))
    .filter(({ when_present, needs }) => !when_present || needs.every((role) => index.entries.has(role)))
    .flatMap((check) => {
      const resolved = resolveCheck({ check, entry, making });
      return check.probe.kind === 'route' ? ofEachRoute({ check: resolved, making }) : [resolved];
    });
}

function resolveCheck(options: { check: CheckManifest; entry: ServiceEntry; making: Making }): ResolvedCheck {
  const { check, entry, making } = options;
  const { service } = entry;
  const written = service.sidecars.find((sidecar) => sidecar.role === check.container) ?? service;
  const manifest = inItsForm({ manifest: written, making });
  return {
    name: check.name,
    description: check.description,
    probe: resolveProbe({
      probe: check.probe,
      container: probed({ manifest, making }),
      ...probeTexts({ field: `check ${check.name}`, entry, making }),
    }),
    needs: check.needs,
  };
}

/** Without TLS there are no routes inside TLS. */
function ofEachRoute(options: { check: ResolvedCheck; making: Making }): readonly ResolvedCheck[] {
  const { check, making } = options;
  const { probe } = check;
  if (probe.at === undefined) return [];
  return routesOf(making.values)
    .filter(({ manifest }) => manifest.protocol === 'http' || probe.fields.tls === true)
    .map((route) => ({
      ...check,
      name: route.manifest.path === '/' ? route.manifest.host : route.manifest.host + route.manifest.path,
      probe: { ...probe, fields: { ...probe.fields, ...fieldsOfRoute({ route, making }) } },
      needs: [...new Set([...check.needs, route.entry.role])],
    }));
}

function fieldsOfRoute(options: { route: Route; making: Making }): Fields {
  const { route, making } = options;
  const { host, protocol, allow, auth } = route.manifest;
  return {
    host,
    protocol,
    limited: allow.length > 0,
    ...(auth === undefined
      ? {}
      : { user: auth.basic.user, password: new Secret(making.values.secrets[auth.basic.password] ?? '') }),
    ...pageOf(options),
  };
}

/** What is asked for: the readiness of the service where that is a page of the route, for it has to be there. */
function pageOf(options: { route: Route; making: Making }): Fields {
  const { route, making } = options;
  const { entry, manifest } = route;
  if (manifest.ask !== undefined) return { path: manifest.ask };
  const { probe } = entry.manifest.health;
  if (probe.kind !== 'http' || probe.port !== manifest.port) return { path: manifest.path };
  const { fields } = resolveProbe({
    probe,
    container: probed({ manifest: entry.manifest, making }),
    ...probeTexts({ field: 'health.probe', entry, making }),
  }) as { fields: Fields };
  const { path, status } = fields;
  if (typeof path !== 'string' || !path.startsWith(manifest.path)) return { path: manifest.path };
  return { path, ...defined({ status }) };
}
