import { registryOf } from '../doctor/registries.ts';
import type { WorkspaceManifest } from '../manifest/model.ts';
import { askRegistry } from '../registry/ask.ts';

const deadlineMilliseconds = 3_000;

/** Tells of an image whether its registry answers, or the mirror of that; each registry is asked once. */
export function askRegistries(
  workspace: Pick<WorkspaceManifest, 'mirrors'>,
): (upstream: string) => Promise<boolean> {
  const answers = new Map<string, Promise<boolean>>();
  return (upstream) => {
    const registry = registryOf(upstream, workspace);
    const answer =
      answers.get(registry) ?? askRegistry({ registry, deadlineMilliseconds }).then((given) => given.answers);
    answers.set(registry, answer);
    return answer;
  };
}
