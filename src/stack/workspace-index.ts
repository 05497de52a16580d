import { invalid } from '../core/errors.ts';
import type {
  ContainerManifest,
  DependencyManifest,
  JobManifest,
  Manifests,
  ServiceManifest,
} from '../manifest/model.ts';
import { containerName } from './names.ts';

/** One container or job of the workspace, with the service that declares it. `name` is what the Engine knows it by. */
export type Entry =
  | { kind: 'service'; role: string; name: string; service: ServiceManifest; manifest: ContainerManifest }
  | { kind: 'job'; role: string; name: string; service: ServiceManifest; manifest: JobManifest };

/** Everything that can be asked for by role, so that each look-up is one step however many services there are. */
export type WorkspaceIndex = {
  /** Every container and job, in the order of the manifests; the main container before its sidecars and jobs. */
  entries: ReadonlyMap<string, Entry>;
  /** Roles of a service's main container, sidecars and jobs, by the role of the service. */
  services: ReadonlyMap<string, readonly string[]>;
  /** Roles by the names that the containers have on the Engine and in their manifests. */
  roles: ReadonlyMap<string, string>;
};

/** Lists all containers of the workspace by role. */
export function indexWorkspace(manifests: Manifests): WorkspaceIndex {
  const entries = new Map<string, Entry>();
  const services = new Map<string, readonly string[]>();
  const { workspace } = manifests;
  for (const service of manifests.services) {
    const own: Entry[] = [service, ...service.sidecars].map((manifest) => ({
      kind: 'service',
      role: manifest.role,
      name: containerName({ workspace, ...manifest }),
      service,
      manifest,
    }));
    for (const manifest of service.jobs) {
      const { role } = manifest;
      own.push({ kind: 'job', role, name: containerName({ workspace, ...manifest }), service, manifest });
    }
    for (const entry of own) entries.set(entry.role, entry);
    services.set(
      service.role,
      own.map((entry) => entry.role),
    );
  }
  const all = [...entries.values()];
  const roles = new Map([
    ...all.map(({ role, manifest }) => [manifest.name, role] as const),
    ...all.map(({ role, name }) => [name, role] as const),
  ]);
  return { entries, services, roles };
}

/**
 * The container that a dependency names. Throws if there is none; the validation of manifests has refused that before.
 */
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
