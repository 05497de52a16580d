import type { Manifests } from '../manifest/model.ts';
import { nearest } from '../nearest.ts';
import type { ResolvedContainer } from '../stack/model.ts';
import { throwIfAny } from '../stack/problems.ts';
import { resolveStack } from '../stack/resolve.ts';
import { noChoices, portableAddresses } from '../stack/settings.ts';
import type { Artefact, ArtefactRenderer, Blueprint } from './artefact.ts';
import { composeFiles } from './compose.ts';
import { configFiles } from './config.ts';
import { dockerfiles } from './dockerfile.ts';
import { makeFragments } from './make.ts';
import { markOpen } from './open-setting.ts';
import { linkServices } from './service-links.ts';

/** Every kind of generated file. */
const renderers: readonly ArtefactRenderer[] = [dockerfiles, composeFiles, makeFragments, configFiles];

/**
 * Everything that `arc generate` writes, in order of path. Only manifests, templates and arc.yaml count: secrets have
 * their development values, and settings of this run or this machine are left out, so that it is the same everywhere.
 *
 * @param options.services roles of the services that files are wanted for; all where empty
 * @throws ArcError for an unknown service, and what resolveStack throws
 */
export function generateArtefacts(options: {
  manifests: Manifests;
  templates: ReadonlyMap<string, string>;
  services: readonly string[];
}): readonly Artefact[] {
  if (options.manifests.services.length === 0) return [];
  const blueprint = draw(options);
  return renderers.flatMap((render) => render(blueprint)).toSorted((a, b) => (a.path < b.path ? -1 : 1));
}

/** Resolves the whole workspace and sorts its containers by service. */
function draw(options: {
  manifests: Manifests;
  templates: ReadonlyMap<string, string>;
  services: readonly string[];
}): Blueprint {
  const { manifests, templates } = options;
  const wanted = new Set(options.services);
  refuseUnknown({ wanted, manifests });
  const stack = resolveStack({
    manifests,
    templates,
    selection: manifests.services.map((service) => service.role),
    without: [],
    settings: noChoices,
    secrets: new Map(),
    lookedUp: portableAddresses(manifests),
    settingText: markOpen,
  });
  const byService = new Map<string, ResolvedContainer[]>();
  for (const container of stack.containers) {
    const list = byService.get(container.service);
    if (list === undefined) byService.set(container.service, [container]);
    else list.push(container);
  }
  return {
    stack,
    services: manifests.services
      .filter((manifest) => wanted.size === 0 || wanted.has(manifest.role))
      .map((manifest) => ({ manifest, containers: byService.get(manifest.role) ?? [] })),
    containers: new Map(stack.containers.map((container) => [container.role, container])),
    links: linkServices({ stack, manifests }),
  };
}

function refuseUnknown(options: { wanted: ReadonlySet<string>; manifests: Manifests }): void {
  const known = new Set(options.manifests.services.map((service) => service.role));
  throwIfAny(
    [...options.wanted]
      .filter((role) => !known.has(role))
      .map((role) => {
        const meant = nearest(role, known);
        return {
          code: 'unknown-name',
          message: `No service is called ${role}.`,
          suggestion:
            meant === undefined ? 'see `arc services` for what there is' : `did you mean \`${meant}\`?`,
        };
      }),
  );
}
