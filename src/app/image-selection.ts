import { invalid } from '../core/errors.ts';
import { nearest } from '../core/nearest.ts';
import type { WantedImage } from '../images/builder/targets.ts';
import { drawBlueprint } from '../render/blueprint.ts';
import { dockerfileText } from '../render/dockerfile.ts';
import type { ResolvedContainer } from '../stack/model.ts';
import type { Workspace } from '../workspace/load.ts';
import { templatesOf } from '../workspace/templates.ts';

/** The images of the workspace that are named, in dependency order; nothing of this machine or this run counts. */
export function wantedImages(options: {
  workspace: Workspace;
  names: readonly string[];
}): readonly WantedImage[] {
  const { manifests, files } = options.workspace;
  if (manifests.services.length === 0) return [];
  const { stack } = drawBlueprint({ manifests, templates: templatesOf({ manifests, files }), services: [] });
  return imagesAmong({ containers: stack.containers, names: options.names });
}

/** The same for a workspace that is already resolved. */
export function imagesAmong(options: {
  containers: readonly ResolvedContainer[];
  names: readonly string[];
}): readonly WantedImage[] {
  return chooseImages(options).map(({ role, name, image }) => ({
    role,
    name,
    image,
    dockerfile: dockerfileText(image),
  }));
}

/**
 * The containers whose images are named: the role of a service stands for all of its images (`realtime`), that of a
 * sidecar (`realtime-ingress`) and the name of a container (`arc-realtime`) for one. No name means all.
 *
 * @throws ArcError (exit status 2) `unknown-name`
 */
export function chooseImages(options: {
  containers: readonly ResolvedContainer[];
  names: readonly string[];
}): readonly ResolvedContainer[] {
  const { names } = options;
  // Jobs run in the image of their service.
  const containers = options.containers.filter(({ kind }) => kind === 'service');
  if (names.length === 0) return containers;
  const namesOf = ({ service, role, name }: ResolvedContainer) => [service, role, name];
  const known = containers.flatMap(namesOf);
  for (const name of names) {
    if (!known.includes(name)) throw unknownName({ name, known });
  }
  return containers.filter((container) => namesOf(container).some((name) => names.includes(name)));
}

function unknownName(options: { name: string; known: readonly string[] }) {
  const meant = nearest(options.name, new Set(options.known));
  return invalid({
    code: 'unknown-name',
    message: `No service or container is called ${options.name}, so there is no image of it.`,
    suggestion: meant === undefined ? '`arc services` lists the names' : `did you mean \`${meant}\`?`,
  });
}
