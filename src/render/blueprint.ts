import { nearest } from '../core/nearest.ts';
import { ownFlavour } from '../manifest/flavours.ts';
import type { Manifests } from '../manifest/model.ts';
import { asBootable } from '../stack/bootable.ts';
import type { ResolvedContainer } from '../stack/model.ts';
import { throwIfAny } from '../stack/problems.ts';
import { resolveStack } from '../stack/resolve.ts';
import { noChoices, portableAddresses } from '../stack/settings.ts';
import type { Blueprint } from './artefact.ts';
import { markOpen } from './open-setting.ts';
import { linkServices } from './service-links.ts';

/**
 * Resolves the whole workspace and sorts its containers by service.
 *
 * @param options.services roles of the services that files are wanted for; all where empty
 * @param options.bringsArc whether the workspace has arc itself, as `bin/arc`
 * @param options.flavour of every container that has it; unless given, containers are as they are written, because arc
 *   chooses another flavour on the machine that runs it
 * @throws ArcError for an unknown service, for services that need each other, and what resolveStack throws
 */
export function drawBlueprint(options: {
  manifests: Manifests;
  templates: ReadonlyMap<string, string | Uint8Array>;
  services: readonly string[];
  bringsArc?: boolean;
  flavour?: string;
}): Blueprint {
  const { manifests, templates, bringsArc = false, flavour = ownFlavour } = options;
  const { release } = manifests.workspace;
  const wanted = new Set(options.services);
  refuseUnknown({ wanted, manifests });
  const described = resolveStack({
    manifests,
    templates,
    selection: manifests.services.map((service) => service.role),
    without: [],
    settings: noChoices,
    flavours: { all: flavour, byRole: {} },
    secrets: new Map(),
    lookedUp: portableAddresses(manifests),
    settingText: markOpen,
    eachAlone: true,
  });
  const stack = asBootable(described);
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
    ...(release === undefined ? {} : { release }),
    bringsArc,
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
          suggestion: meant === undefined ? '`arc services` lists the names' : `did you mean \`${meant}\`?`,
        };
      }),
  );
}
