import { isMadeHere } from '../manifest/flavours.ts';
import type { WorkspaceManifest } from '../manifest/model.ts';
import { askRegistry, type RegistryAnswer } from '../registry/ask.ts';
import { applyMirror, parseReference } from '../registry/reference.ts';
import type { WorkspaceSituation } from './situation.ts';

const deadlineMilliseconds = 3_000;

/** The registries that the stack's bases come from, mirrors applied, in order of name. */
export function registriesOf({ stack, manifest }: WorkspaceSituation): readonly string[] {
  const names = stack.containers
    .filter(
      ({ role, image }) =>
        !isMadeHere(image.upstream) && (manifest.base_overrides[role] ?? manifest.bases) !== 'local',
    )
    .map(({ image }) => registryOf(image.upstream, manifest));
  return [...new Set(names)].toSorted();
}

/** The registry that an image comes from, or the mirror of that. */
export function registryOf(reference: string, { mirrors }: Pick<WorkspaceManifest, 'mirrors'>): string {
  return applyMirror(parseReference(reference), mirrors).registry;
}

/** Asks all registries at the same time, once, when the first check needs the answer. */
export function registryAnswers(
  workspace: WorkspaceSituation | undefined,
): () => Promise<readonly RegistryAnswer[]> {
  let answers: Promise<readonly RegistryAnswer[]> | undefined;
  return () => {
    answers ??= Promise.all(
      (workspace ? registriesOf(workspace) : []).map((registry) =>
        askRegistry({ registry, deadlineMilliseconds }),
      ),
    );
    return answers;
  };
}
