import { imagesAmong } from '../../app/image-selection.ts';
import { requireService } from '../../app/require-service.ts';
import { invalid } from '../../core/errors.ts';
import type { WantedImage } from '../../images/builder/targets.ts';
import type { ImagesLock } from '../../images/lock/model.ts';
import { lockedBase } from '../../images/lock/model.ts';
import { parseReference } from '../../registry/reference.ts';
import type { BundledFile } from '../../release/bundle.ts';
import type { ReleaseImage, ReleaseRequest } from '../../release/model.ts';
import type { Blueprint } from '../../render/artefact.ts';
import { drawBlueprint } from '../../render/blueprint.ts';
import { composeFileName } from '../../render/compose-file-names.ts';
import { generateArtefacts } from '../../render/generate.ts';
import type { Workspace } from '../../workspace/load.ts';
import { templatesOf } from '../../workspace/templates.ts';

/** The requested release, and the rendered workspace. */
export type Wanted = { request: ReleaseRequest; wanted: readonly WantedImage[]; blueprint: Blueprint };

/**
 * Turns names and flags into what is released.
 *
 * @throws ArcError (exit status 2) `not-a-service`, `no-release-settings`
 */
export function requestOf(options: {
  workspace: Workspace;
  lock: ImagesLock;
  service: string;
  version: string;
  rehearsal: boolean;
  requireScan: boolean;
  unsigned: boolean;
}): Wanted {
  const { workspace, lock, service, version, rehearsal, requireScan, unsigned } = options;
  const { manifests } = workspace;
  requireService({ manifests, name: service });
  const settings = manifests.workspace.release;
  if (settings === undefined) throw noSettings();
  const blueprint = drawBlueprint({ manifests, templates: templatesOf(workspace), services: [] });
  const wanted = imagesAmong({ containers: blueprint.stack.containers, names: [service] });
  const images = wanted.map(({ role, name, image }): ReleaseImage => {
    const { registry, repository } = parseReference(image.reference);
    const base = image.releaseBase ?? image.upstream;
    const digest = lockedBase({ lock, upstream: base })?.digest;
    return {
      role,
      name,
      repository: { registry, repository },
      dockerfile: `${image.folder}/${image.dockerfile}`,
      base: { reference: base, ...(digest === undefined ? {} : { digest }) },
    };
  });
  return {
    wanted,
    blueprint,
    request: {
      service,
      version,
      images,
      platforms: settings.platforms,
      repository: settings.repository,
      sign: unsigned ? 'none' : settings.sign,
      rehearsal,
      requireScan,
    },
  };
}

/** Everything that the service needs to run with Compose: its generated files, and those of the services that it needs. */
export function bundleOf(options: { blueprint: Blueprint; workspace: Workspace; service: string }): {
  files: readonly BundledFile[];
  composeFile: string;
  network: string;
} {
  const { blueprint, workspace, service } = options;
  const { manifests, files } = workspace;
  const folder = manifests.services.find(({ role }) => role === service)?.folder ?? '';
  return {
    files: generateArtefacts({
      manifests,
      templates: templatesOf({ manifests, files }),
      services: [...withNeeded({ service, links: blueprint.links })],
    }).filter(({ path }) => path.startsWith('services/') && !path.endsWith('.mk')),
    composeFile: `${folder}/${composeFileName}`,
    network: manifests.workspace.network,
  };
}

/** A service and those that it needs, and those that they need. */
function withNeeded(options: {
  service: string;
  links: Blueprint['links'];
  seen?: Set<string>;
}): ReadonlySet<string> {
  const { service, links, seen = new Set<string>() } = options;
  if (seen.has(service)) return seen;
  seen.add(service);
  for (const needed of links.get(service) ?? []) withNeeded({ service: needed, links, seen });
  return seen;
}

function noSettings() {
  return invalid({
    code: 'no-release-settings',
    message: 'arc.yaml does not say where releases go.',
    suggestion: 'add to arc.yaml: release: { repository: https://github.com/<owner>/<name> }',
  });
}
