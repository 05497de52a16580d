import { isUtf8 } from 'node:buffer';
import { readdir, readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { findPackageRoot } from '../host/package-root.ts';
import type { Manifests, ServiceManifest } from '../manifest/model.ts';
import { parseManifests } from '../manifest/parse.ts';
import { renderedFolder } from '../stack/folders.ts';

/** Schemas are for editors: a workspace holds no events. */
const notOfManifests = 'events.schema.json';

/** The services and contracts that arc brings along, with their hand-written files by path in a workspace. */
export type Builtin = { manifests: Manifests; files: ReadonlyMap<string, string | Uint8Array> };

/**
 * The files that people write in a service's folder: the manifest and its templates, and in subfolders everything that
 * is not rendered.
 */
function isWritten(name: string): boolean {
  const [first, ...below] = name.split('/');
  return below.length > 0 ? first !== renderedFolder : name === 'service.yaml' || name.endsWith('.liquid');
}

/**
 * Reads the built-in services from arc's own package, whose workspace is also its source: there is no second copy.
 *
 * @param options.packageRoot folder of the package
 */
export async function readBuiltin(options: { packageRoot?: string } = {}): Promise<Builtin> {
  const { packageRoot = findPackageRoot() } = options;
  const paths = ['services/profiles.yaml'];
  for (const entry of await readdir(join(packageRoot, 'services'), { withFileTypes: true })) {
    if (!entry.isDirectory()) continue;
    const folder = `services/${entry.name}`;
    const found = await readdir(join(packageRoot, folder), { recursive: true, withFileTypes: true });
    const names = found
      .filter((file) => file.isFile())
      .map((file) =>
        relative(join(packageRoot, folder), join(file.parentPath, file.name)).replaceAll(sep, '/'),
      );
    paths.push(...names.filter(isWritten).map((name) => `${folder}/${name}`));
  }
  const contracts = await readdir(join(packageRoot, 'contracts'));
  paths.push(...contracts.filter((name) => name.endsWith('.yaml')).map((name) => `contracts/${name}`));
  const schemas = await readdir(join(packageRoot, 'schemas'));
  const schemaPaths = schemas
    .filter((name) => name.endsWith('.schema.json') && name !== notOfManifests)
    .map((name) => `schemas/${name}`);
  const read = async (path: string): Promise<[string, string | Uint8Array]> => {
    const bytes = await readFile(join(packageRoot, path));
    return [path, isUtf8(bytes) ? bytes.toString() : bytes];
  };
  const sources = new Map(await Promise.all(paths.toSorted().map(read)));
  const { manifests, problems } = parseManifests({ files: sources });
  if (!manifests) throw new Error(`the built-in services are wrong: ${problems[0]?.message}`);
  return { manifests, files: new Map([...sources, ...(await Promise.all(schemaPaths.map(read)))]) };
}

/**
 * The chosen services and all that they depend on, in the order of their names.
 *
 * @param roles of services, sidecars or jobs
 */
export function withDependencies(manifests: Manifests, roles: readonly string[]): readonly ServiceManifest[] {
  const owners = new Map(
    manifests.services.flatMap((service) =>
      [service, ...service.sidecars, ...service.jobs].map(({ role }) => [role, service] as const),
    ),
  );
  const chosen = new Set<ServiceManifest>();
  const add = (role: string): void => {
    const service = owners.get(role);
    if (!service || chosen.has(service)) return;
    chosen.add(service);
    for (const part of [service, ...service.sidecars, ...service.jobs]) {
      for (const dependency of part.depends_on) add(dependency.role);
    }
  };
  for (const role of roles) add(role);
  return [...chosen].toSorted((a, b) => a.role.localeCompare(b.role));
}
