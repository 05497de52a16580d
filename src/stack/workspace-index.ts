import { invalid } from '../core/errors.ts';
import type {
  ContainerManifest,
  DependencyManifest,
  JobManifest,
  Manifests,
  ServiceManifest,
} from '../manifest/model.ts';

/** One container or job of the workspace, with the service that declares it. */
export type Entry =
  | { kind: 'service'; role: string; service: ServiceManifest; manifest: ContainerManifest }
  | { kind: 'job'; role: string; service: ServiceManifest; manifest: JobManifest };

/** Everything that can be asked for by role, so that each look-up is one step however many services there are. */
export type WorkspaceIndex = {
  /** Every container and job, in the order of the manifests; the main container before its sidecars and jobs. */
  entries: ReadonlyMap<string, Entry>;
  /** Roles of a service's main container, sidecars and jobs, by the role of the service. */
  services: ReadonlyMap<string, readonly string[]>;
  /** Roles by the names that the containers have on the Engine. */
  roles: ReadonlyMap<string, string>;
};

/** Lists all containers of the workspace by role. */
export function indexWorkspace(manifests: Manifests): WorkspaceIndex {
  const entries = new Map<string, Entry>();
  const services = new Map<string, readonly string[]>();
  for (const service of manifests.services) {
    const own: Entry[] = [service, ...service.sidecars].map((manifest) => ({
      kind: 'service',
      role: manifest.role,
      service,
      manifest,
    }));
    for (const manifest of service.jobs) own.push({ kind: 'job', role: manifest.role, service, manifest });
    for (const entry of own) entries.set(entry.role, entry);
    services.set(
      service.role,
      own.map((entry) => entry.role),
    );
  }
  const roles = new Map(Array.from(entries.values(), ({ role, manifest }) => [manifest.name, role]));
  return { entries, services, roles };
}

/** The container that a dependency names. Throws where there is none, which manifest validation refuses before. */
export function dependencyTarget(options: { index: WorkspaceIndex; dependency: DependencyManifest }): Entry {
  const { index, dependency } = options;
  const target = index.entries.get(dependency.role);
  if (target === undefined) {
    throw invalid({
      code: 'unknown-dependency',
      message: `No service, container or job has the role ${dependency.role}.`,
      location: dependency.location,
    });
  }
  return target;
}
