import type { PortManifest } from '../manifest/model.ts';
import type { RouteManifest } from '../manifest/model-route.ts';
import { activePorts } from './active-ports.ts';
import type { Guarded } from './guarded.ts';
import type { ResolvedSetting } from './model.ts';
import type { Entry, WorkspaceIndex } from './workspace-index.ts';

/** A route as templates have it: its manifest's fields, and where it leads. */
export type RouteValues = Omit<RouteManifest, 'location' | 'ask' | 'port' | 'auth' | 'rate_limit'> & {
  /** Unique among the routes: `livekit`, `livekit_whip`. */
  name: string;
  role: string;
  /** Host name and port on the network. */
  address: string;
  /** `salt` is what the hash of the password is made with: no secret, and another one for each route. */
  auth: { user: string; password: Guarded; salt: string } | null;
  rate_limit: RouteManifest['rate_limit'] | null;
  has_headers: boolean;
};

/** A route of the workspace, the container that it leads to, and the port there. */
export type Route = {
  /** Unique among the routes: `livekit`, `livekit_whip`. */
  name: string;
  entry: Extract<Entry, { kind: 'service' }>;
  manifest: RouteManifest;
  port: PortManifest;
};

type Routed = {
  index: WorkspaceIndex;
  settings: Readonly<Record<string, ResolvedSetting>>;
  isAbsent: (role: string) => boolean;
};

/**
 * The routes of all containers of the workspace that were not left out, by host and path. Which of them run now does not
 * count: so the gateway keeps its configuration while services come and go.
 */
export function routesOf(options: Routed): readonly Route[] {
  const { index, settings, isAbsent } = options;
  const routes = Array.from(index.entries.values()).flatMap((entry): Route[] => {
    if (entry.kind === 'job' || isAbsent(entry.role)) return [];
    const ports = activePorts({ ports: entry.manifest.ports, settings });
    return entry.manifest.routes.flatMap((manifest) => {
      const port = ports.find(({ name }) => name === manifest.port);
      if (port === undefined) return [];
      return { name: nameOf(manifest), entry, manifest, port };
    });
  });
  return routes.toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

/** No two routes that differ have one name: a host has no `_` and no `.`. */
function nameOf({ host, path }: RouteManifest): string {
  if (path === '/') return host;
  const written = path.replaceAll(/[^A-Za-z0-9-]/g, (character) =>
    character === '/' ? '_' : `.${character.charCodeAt(0).toString(16)}`,
  );
  return host + written;
}

/** The same as templates have them. */
export function routeValues(
  options: Routed & { project: string; secrets: Readonly<Record<string, Guarded>> },
): readonly RouteValues[] {
  const { project, secrets } = options;
  return routesOf(options).map(({ name, entry, manifest, port }) => {
    const { location: _, ask: __, rate_limit, auth, port: ___, ...route } = manifest;
    const password = auth && secrets[auth.basic.password];
    return {
      ...route,
      name,
      role: entry.role,
      address: `${entry.manifest.name}:${port.container.first}`,
      auth: password
        ? { user: auth.basic.user, password, salt: `${project} ${route.host}${route.path}` }
        : null,
      rate_limit: rate_limit ?? null,
      has_headers: Object.keys({ ...route.request_headers, ...route.response_headers }).length > 0,
    };
  });
}
