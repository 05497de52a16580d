import type { BaseBuild } from '../../images/context.ts';
import { isMadeHere } from '../../manifest/flavours.ts';
import { type Check, ok, type Shortcoming, skipped } from '../check.ts';
import { requirementsOf } from '../recipe-requirements.ts';
import { shortcomingOf } from '../requirement.ts';
import type { Situation, WorkspaceSituation } from '../situation.ts';

/** Whether the bases that have a recipe can be built here, in case that no registry has them. */
export const toolCheck: Check = {
  id: 'tools',
  examine: async (situation) => {
    const { workspace, machine } = situation;
    if (workspace === undefined || workspace instanceof Error) return [];
    const requirements = requirementsOf(possibleBuilds(workspace));
    if (requirements.length === 0) return skipped('tools for local bases: no recipe in this stack');
    const looked = await Promise.all(
      requirements.map(async (requirement) => ({
        requirement,
        shortcoming: await shortcomingOf(requirement, machine),
      })),
    );
    const absent = looked.flatMap(({ shortcoming }) => shortcoming ?? []);
    const there = looked.flatMap(({ requirement, shortcoming }) => (shortcoming ? [] : requirement.program));
    const fallback = absent.length > 0 && (await registryCanDo(situation, workspace));
    return [
      ...(there.length > 0 ? ok(`${there.join(', ')} to build bases here`) : []),
      ...(fallback ? absent.map(asWarning) : absent),
    ];
  },
};

/** The bases that have a recipe and may be built by it, those of other flavours included. */
function possibleBuilds({ stack, manifest }: WorkspaceSituation): readonly BaseBuild[] {
  return stack.containers.map(({ role, image, alternatives = [] }) => {
    const policy = manifest.base_overrides[role] ?? manifest.bases;
    const steps = [image, ...alternatives.map((one) => one.image)].flatMap(({ upstream, recipe = [] }) =>
      policy === 'registry' && !isMadeHere(upstream) ? [] : recipe,
    );
    return { role, kinds: steps.map(({ kind }) => kind) };
  });
}

/** Whether bases may come from registries instead, and these answer. */
async function registryCanDo(situation: Situation, { manifest }: WorkspaceSituation): Promise<boolean> {
  if (manifest.bases === 'local') return false;
  return (await situation.registries()).every(({ answers }) => answers);
}

function asWarning(shortcoming: Shortcoming): Shortcoming {
  const { problem } = shortcoming;
  const message = `${problem.message.replace(/\.$/, '')}, only pulled.`;
  return { ...shortcoming, state: 'warning', problem: { ...problem, message } };
}
