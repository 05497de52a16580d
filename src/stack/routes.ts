import type { RouteManifest } from '../manifest/model-route.ts';
import { activePorts } from './active-ports.ts';
import type { ResolvedSetting } from './model.ts';
import type { WorkspaceIndex } from './workspace-index.ts';

/** A route as templates have it: its manifest's fields, and where it leads. */
export type RouteValues = Omit<RouteManifest, 'location' | 'port' | 'rate_limit'> & {
  /** Unique among the routes: `livekit`, `livekit-whip`. */
  name: string;
  role: string;
  /** Host name and port on the network. */
  address: string;
  rate_limit: RouteManifest['rate_limit'] | null;
  has_headers: boolean;
};

/**
 * The routes of all containers of the workspace that were not left out, by host and path. Which of them run now does not
 * count: so the gateway keeps its configuration while services come and go.
 */
export function routeValues(options: {
  index: WorkspaceIndex;
  settings: Readonly<Record<string, ResolvedSetting>>;
  isAbsent: (role: string) => boolean;
}): readonly RouteValues[] {
  const { index, settings, isAbsent } = options;
  const routes = Array.from(index.entries.values()).flatMap((entry): RouteValues[] => {
    if (entry.kind === 'job' || isAbsent(entry.role)) return [];
    const ports = activePorts({ ports: entry.manifest.ports, settings });
    return entry.manifest.routes.flatMap(({ location: _, rate_limit, port: name, ...route }) => {
      const port = ports.find((one) => one.name === name);
      if (port === undefined) return [];
      return {
        ...route,
        name: [route.host, ...route.path.split('/').filter((part) => part !== '')].join('-'),
        role: entry.role,
        address: `${entry.manifest.name}:${port.container.first}`,
        rate_limit: rate_limit ?? null,
        has_headers: Object.keys({ ...route.request_headers, ...route.response_headers }).length > 0,
      };
    });
  });
  return routes.toSorted((a, b) => (a.name < b.name ? -1 : 1));
}
