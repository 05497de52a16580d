/** A builder as `docker buildx ls --format json` describes it; what arc does not need is left out. */
export type ListedBuilder = {
  Name: string;
  /** Empty if its node cannot be asked. */
  Driver: string;
  /** `docker buildx use` has chosen it. */
  Current: boolean;
  Err?: string;
  /** The nodes of an unused `docker-container` builder have neither a version nor platforms. */
  Nodes?: readonly { Status?: string; Version?: string; Err?: string }[] | null;
};

/** The builder that is used, or why each that there is cannot be. */
export type Choice = { builder: string } | { unfit: readonly UnfitBuilder[] };

export type UnfitBuilder = { name: string; reason: string };

/** The name of the builder that arc proposes to make. */
const ownName = 'arc';

/** Creates a builder that fits. */
export const createBuilder = `docker buildx create --name ${ownName} --driver docker-container --bootstrap`;

/**
 * BuildKit that sets the times of files in layers, without which the same commit gives another image each time
 * (moby/buildkit, release notes of v0.13).
 */
const oldestBuildkit = [0, 13] as const;

/**
 * Chooses a builder that builds for several platforms and pushes by digest. Which platforms it lists does not matter:
 * that is what it can run, and a wrapper runs nothing while it is built.
 *
 * @param options.named the one that `BUILDX_BUILDER` names, as for buildx itself; then no other is looked at
 */
export function chooseBuilder(options: {
  builders: readonly ListedBuilder[];
  named: string | undefined;
}): Choice {
  const { builders, named } = options;
  if (named !== undefined) {
    const builder = builders.find(({ Name }) => Name === named);
    const reason = builder ? whyUnfit(builder) : 'BUILDX_BUILDER names it, but it does not exist';
    return reason === undefined ? { builder: named } : { unfit: [{ name: named, reason }] };
  }
  const judged = builders.map((builder) => ({ builder, reason: whyUnfit(builder) }));
  const fit = judged.filter(({ reason }) => reason === undefined).map(({ builder }) => builder);
  // A running builder saves the start of its container. Then by name, so that the choice is stable.
  const [first] = fit.toSorted(
    (a, b) =>
      Number(b.Current) - Number(a.Current) ||
      Number(isRunning(b)) - Number(isRunning(a)) ||
      (a.Name < b.Name ? -1 : 1),
  );
  if (first) return { builder: first.Name };
  return { unfit: judged.map(({ builder, reason = '' }) => ({ name: builder.Name, reason })) };
}

/**
 * Advice if no builder fits. buildx cannot create a builder under a taken name, and a new one does not help while
 * `BUILDX_BUILDER` names another.
 */
export function adviseBuilder(options: {
  builders: readonly ListedBuilder[];
  named: string | undefined;
}): string {
  const { builders, named } = options;
  const choice = chooseBuilder({ builders, named: undefined });
  const taken = builders.some(({ Name }) => Name === ownName);
  const other =
    'builder' in choice ? `${choice.builder} then builds` : `then ${taken ? replaceBuilder : createBuilder}`;
  if (named !== undefined) return `unset BUILDX_BUILDER; ${other}`;
  if (!taken) return createBuilder;
  return `\`docker buildx inspect ${ownName}\` says where it is, to start it; or put a new one in its place: ${replaceBuilder}`;
}

const replaceBuilder = `docker buildx rm ${ownName}; ${createBuilder}`;

function whyUnfit(builder: ListedBuilder): string | undefined {
  const nodes = builder.Nodes ?? [];
  const error = builder.Err ?? nodes.find(({ Err }) => Err)?.Err;
  if (error) return error;
  switch (builder.Driver) {
    case 'docker':
      return "the Engine's own builder, which neither builds for several platforms nor pushes by digest";
    case 'remote':
      // The builder belongs to a person, who has to start it.
      if (!isRunning(builder)) return 'does not answer';
      break;
    case 'docker-container':
    case 'kubernetes':
    case 'cloud':
      // buildx starts a builder that does not run.
      break;
    default:
      return `its driver "${builder.Driver}" is not known`;
  }
  const old = nodes.map(({ Version = '' }) => Version).find(isTooOld);
  return old === undefined
    ? undefined
    : `its BuildKit is ${old}, and images that come out the same every time need v${oldestBuildkit.join('.')}`;
}

function isRunning({ Nodes }: ListedBuilder): boolean {
  return (Nodes ?? []).some(({ Status }) => Status === 'running');
}

/** A builder without a known version, such as one that does not run yet, counts as recent. */
function isTooOld(version: string): boolean {
  const [, major, minor] = /^v?(\d+)\.(\d+)/.exec(version) ?? [];
  if (major === undefined) return false;
  const [oldMajor, oldMinor] = oldestBuildkit;
  return Number(major) < oldMajor || (Number(major) === oldMajor && Number(minor) < oldMinor);
}
