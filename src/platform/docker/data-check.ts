import { ArcError, exitStatus, type Problem } from '../../core/errors.ts';
import type { Plan } from '../../core/step.ts';
import type { VolumeFormat } from '../../manifest/model-needs.ts';
import { type BaseKind, baseKind } from '../../stack/base-kind.ts';
import type { ResolvedContainer } from '../../stack/model.ts';
import {
  type ContainerBase,
  type FormatFinding,
  type FormattedVolume,
  type FoundVersion,
  type Holder,
  judgeFormat,
  versionOf,
} from './data-format.ts';
import { worksOf } from './drivers/work.ts';
import type { Engine } from './engine.ts';
import type { Snapshot } from './snapshot.ts';

type Asked = Pick<Engine, 'readStart' | 'imageLabels'>;

/** As many bytes of a file are looked at for its version. */
const startLength = 512;

/**
 * Checks that the containers that a plan starts can read the existing data. arc reads a volume through a container that
 * mounts it, running or not; if there is none, the driver checks once one exists.
 *
 * @param options.bases what the bases of images that are still to be built will be made from, by role. Their containers
 *   are started anew once the image is there, whatever the plan says now.
 */
export async function findUnreadableData(options: {
  engine: Asked;
  plan: Plan;
  containers: readonly ResolvedContainer[];
  snapshot: Snapshot;
  bases?: ReadonlyMap<string, BaseKind | 'either'>;
}): Promise<readonly FormatFinding[]> {
  const { engine, plan, containers, snapshot, bases = new Map() } = options;
  const rolesOf = (which: 'start' | 'create'): ReadonlySet<string> =>
    new Set(worksOf(plan, which).map(({ container }) => container.role));
  const started = rolesOf('start');
  const created = rolesOf('create');
  const found = await Promise.all(
    containers
      .filter(({ role }) => started.has(role) || bases.has(role))
      .map((container) => {
        const { role, image } = container;
        // A container that stays runs its own image, whatever has the image's name now.
        const existing = created.has(role) ? undefined : snapshot.containers.find((one) => one.role === role);
        return formatFindings({
          engine,
          container,
          holderOf: (volume) => holderIn({ snapshot, volume }),
          baseOf: async () =>
            bases.get(role) ??
            labelledBase({ engine, container, image: existing?.imageId ?? image.reference }),
        });
      }),
  );
  return found.flat();
}

/**
 * The same of one container that the Engine has.
 * @throws ArcError `data-too-new` before the container is started
 * @returns what is not certain
 */
export async function refuseNewerData(options: {
  engine: Asked;
  container: ResolvedContainer;
}): Promise<readonly Problem[]> {
  return refuse(await ofMade(options));
}

/** Why a container that has ended could not load its data, if that is the reason. */
export async function unreadableData(options: {
  engine: Asked;
  container: ResolvedContainer;
}): Promise<Problem | undefined> {
  const findings = await ofMade(options).catch(() => []);
  return findings.find(({ refused }) => refused)?.problem;
}

/**
 * @throws ArcError if a container must not start
 * @returns the other findings, to be shown
 */
export function refuse(findings: readonly FormatFinding[]): readonly Problem[] {
  const [first, ...others] = findings.flatMap(({ refused, problem }) => (refused ? [problem] : []));
  if (first !== undefined) {
    throw new ArcError({ problem: [first, ...others], status: exitStatus.failed });
  }
  return findings.map(({ problem }) => problem);
}

/**
 * Checks one container: compares the versions in its volumes, read through any container that mounts them, with its
 * base.
 */
async function formatFindings(options: {
  engine: Asked;
  container: ResolvedContainer;
  holderOf: (volume: FormattedVolume) => Holder | undefined;
  baseOf: () => Promise<ContainerBase>;
}): Promise<readonly FormatFinding[]> {
  const { engine, container, holderOf, baseOf } = options;
  const volumes = container.volumes.flatMap(({ format, ...volume }) =>
    format === undefined ? [] : [{ ...volume, format }],
  );
  const found = await Promise.all(
    volumes.map(async (volume): Promise<readonly FormatFinding[]> => {
      const holder = holderOf(volume);
      if (holder === undefined) return [];
      const version = await readVersion({ engine, holder, format: volume.format });
      if (version.kind === 'none') return [];
      const base = await baseOf();
      const finding = judgeFormat({ container, volume, found: version, base, holder });
      return finding === undefined ? [] : [finding];
    }),
  );
  return found.flat();
}

/** A container that exists already, judged by the image in its manifest. */
function ofMade({ engine, container }: { engine: Asked; container: ResolvedContainer }) {
  return formatFindings({
    engine,
    container,
    holderOf: ({ target }) => ({ name: container.name, target }),
    baseOf: () => labelledBase({ engine, container, image: container.image.reference }),
  });
}

async function labelledBase(options: {
  engine: Asked;
  container: ResolvedContainer;
  image: string;
}): Promise<ContainerBase> {
  const { engine, container, image } = options;
  return baseKind({ labels: await engine.imageLabels({ image }), upstream: container.image.upstream });
}

function holderIn(options: { snapshot: Snapshot; volume: FormattedVolume }): Holder | undefined {
  for (const { name, mounts = [] } of options.snapshot.containers) {
    const mount = mounts.find(({ volume }) => volume === options.volume.volume);
    if (mount !== undefined) return { name, target: mount.target };
  }
  return undefined;
}

/** From the first of the files that is there. */
async function readVersion(options: {
  engine: Asked;
  holder: Holder;
  format: VolumeFormat;
}): Promise<FoundVersion> {
  const { engine, holder } = options;
  const { files, pattern } = options.format;
  for (const file of files) {
    const path = `${holder.target.replace(/\/$/, '')}/${file}`;
    try {
      const start = await engine.readStart({ name: holder.name, path, length: startLength });
      if (start !== undefined) return versionOf({ ...start, pattern });
    } catch (error) {
      if (!(error instanceof ArcError)) throw error;
      const [{ message, detail = [] }] = error.problems;
      return { kind: 'unread', path, reason: detail[0] ?? message };
    }
  }
  return { kind: 'none' };
}
