import type { Problem } from '../../errors.ts';
import type { RecipeStep } from '../../manifest/model.ts';
import { type Check, type Finding, missing, ok, type Repair, skipped, warning } from '../check.ts';
import { aptRepair } from '../engine-install/apt.ts';
import type { Situation, WorkspaceSituation } from '../situation.ts';

/** What a kind of recipe step needs on this machine. */
type Tool = {
  program: string;
  /** Debian packages that bring it in a version that will do. */
  packages: readonly string[];
  install: string;
};

const tools: Record<RecipeStep['kind'], Tool> = {
  // Debian 12's golang-go is 1.19, which cannot fetch the newer toolchain that a module asks for (from 1.21 on).
  go: { program: 'go', packages: [], install: 'install Go 1.21 or newer: https://go.dev/dl' },
  debian: {
    program: 'mmdebstrap',
    packages: ['mmdebstrap', 'debian-archive-keyring'],
    install: 'on Debian or Ubuntu: sudo apt-get install mmdebstrap debian-archive-keyring',
  },
  // Debian 12's npm is 9.2, which fetches for this machine's processor only.
  npm: { program: 'npm', packages: [], install: 'install Node.js with npm: https://nodejs.org' },
  pypi: { program: 'pip', packages: ['python3-pip'], install: 'install pip: https://pip.pypa.io' },
};

/** Whether the bases that have a recipe can be built here, in case that no registry has them. */
export const toolCheck: Check = {
  id: 'tools',
  examine: async (situation) => {
    const { workspace } = situation;
    if (workspace === undefined || workspace instanceof Error) return [];
    const needed = Object.entries(neededBy(workspace)).map(([kind, roles]) => ({
      tool: tools[kind as RecipeStep['kind']],
      roles,
    }));
    if (needed.length === 0) return skipped('tools for local bases: no recipe in this stack');
    const absent = needed.filter(({ tool }) => situation.machine.program(tool.program) === undefined);
    const there = needed.filter((each) => !absent.includes(each)).map(({ tool }) => tool.program);
    const fallback = absent.length > 0 && (await registryCanDo(situation, workspace));
    return [
      ...(there.length > 0 ? ok(`${there.join(', ')} to build bases here`) : []),
      ...absent.flatMap(({ tool, roles }) => absence(situation, tool, roles, fallback)),
    ];
  },
};

function neededBy({
  stack,
  manifest,
}: WorkspaceSituation): Partial<Record<RecipeStep['kind'], readonly string[]>> {
  const needed: Partial<Record<RecipeStep['kind'], readonly string[]>> = {};
  for (const { role, image, flavour, fallback } of stack.containers) {
    const policy = manifest.base_overrides[role] ?? manifest.bases;
    const steps = [
      ...(policy === 'registry' && flavour?.name !== 'embedded' ? [] : (image.recipe ?? [])),
      ...(fallback?.image.recipe ?? []),
    ];
    for (const kind of new Set(steps.map((step) => step.kind))) {
      needed[kind] = [...(needed[kind] ?? []), role];
    }
  }
  return needed;
}

/** Whether bases may come from registries instead, and these answer. */
async function registryCanDo(situation: Situation, { manifest }: WorkspaceSituation): Promise<boolean> {
  if (manifest.bases === 'local') return false;
  return (await situation.registries()).every(({ answers }) => answers);
}

function absence(
  situation: Situation,
  tool: Tool,
  roles: readonly string[],
  fallback: boolean,
): readonly Finding[] {
  const problem: Problem = {
    code: 'missing-tool',
    message: `${tool.program} is not installed; the base${roles.length === 1 ? '' : 's'} of ${roles.join(', ')} cannot be built here without it${fallback ? ', only pulled' : ''}.`,
    suggestion: tool.install,
  };
  const repair = toolRepair(situation, tool);
  return fallback ? warning(problem, repair) : missing(problem, repair);
}

function toolRepair({ machine }: Situation, tool: Tool): Repair | undefined {
  if (tool.packages.length === 0 || !machine.system.debian || !machine.system.root) return undefined;
  return aptRepair({ id: `apt-${tool.program}`, packages: tool.packages });
}
