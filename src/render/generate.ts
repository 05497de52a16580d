import type { Manifests } from '../manifest/model.ts';
import type { Artefact, ArtefactRenderer } from './artefact.ts';
import { drawBlueprint } from './blueprint.ts';
import { type ClientLanguage, clientFiles } from './clients/clients.ts';
import { composeFiles } from './compose.ts';
import { startIntervalFiles } from './compose-start-interval.ts';
import { configFiles } from './config.ts';
import { dockerfiles } from './dockerfile.ts';
import { makeFragments } from './make.ts';
import { sharedMakefiles } from './make-shared.ts';
import { serviceWorkflows } from './workflow-service.ts';
import { sharedWorkflows } from './workflow-shared.ts';

/** Every kind of generated file. */
const renderers: readonly ArtefactRenderer[] = [
  dockerfiles,
  composeFiles,
  startIntervalFiles,
  makeFragments,
  sharedMakefiles,
  configFiles,
  sharedWorkflows,
  serviceWorkflows,
];

/**
 * Everything that `arc generate` writes, in order of path. Only manifests, templates and arc.yaml count: secrets have
 * their development values, and settings of this run or this machine are left out, so that it is the same everywhere.
 *
 * @param options.services roles of the services that files are wanted for; all where empty
 * @param options.bringsArc whether the workspace has arc itself, as `bin/arc`; workflows install it where it has not
 * @param options.clients languages that typed clients of the contracts are wanted in
 * @throws ArcError for an unknown service, and what resolveStack throws
 */
export function generateArtefacts(options: {
  manifests: Manifests;
  templates: ReadonlyMap<string, string | Uint8Array>;
  services: readonly string[];
  bringsArc?: boolean;
  clients?: readonly ClientLanguage[];
}): readonly Artefact[] {
  const { manifests, services, clients = [] } = options;
  // A client is of all services together.
  const ofContracts =
    services.length > 0 ? [] : clientFiles({ contracts: manifests.contracts, languages: clients });
  return [...ofContracts, ...filesOfServices(options)].toSorted((a, b) => (a.path < b.path ? -1 : 1));
}

function filesOfServices(options: Parameters<typeof drawBlueprint>[0]): readonly Artefact[] {
  if (options.manifests.services.length === 0) return [];
  const blueprint = drawBlueprint(options);
  return renderers.flatMap((render) => render(blueprint));
}
