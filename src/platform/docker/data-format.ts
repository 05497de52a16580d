import type { Problem } from '../../core/errors.ts';
import { isMadeHere } from '../../manifest/flavours.ts';
import type { VolumeFormat } from '../../manifest/model-needs.ts';
import type { BaseKind } from '../../stack/base-kind.ts';
import type { MountedVolume, ResolvedContainer } from '../../stack/model.ts';

/** What a volume says about the version that wrote it. */
export type FoundVersion =
  /** None of the files is there: the data is new. */
  | { kind: 'none' }
  | { kind: 'version'; path: string; version: number }
  | { kind: 'unread'; path: string; reason: string };

/** A container that cannot read its data, or of which that is not certain: `refused` must not be started. */
export type FormatFinding = { refused: boolean; problem: Problem };

export type FormattedVolume = MountedVolume & { format: VolumeFormat };

/** A container that mounts a volume, and where: its data can be read, and copied, through it. */
export type Holder = { name: string; target: string };

/**
 * The present or future base of a container: `either` if that is not certain yet, `other` if it is none of the
 * manifest's.
 */
export type ContainerBase = BaseKind | 'either' | { other: string };

type Judged = {
  container: Pick<ResolvedContainer, 'name' | 'role' | 'image'>;
  volume: FormattedVolume;
};

/** The version in the first bytes of a file, as its manifest says how to read it. */
export function versionOf(options: { path: string; bytes: Buffer; pattern: string }): FoundVersion {
  const { path, bytes, pattern } = options;
  const digits = new RegExp(pattern).exec(bytes.toString('latin1'))?.[1];
  if (digits === undefined) {
    return { kind: 'unread', path, reason: `its beginning does not match ${pattern}` };
  }
  if (!/^\d+$/.test(digits)) return { kind: 'unread', path, reason: `"${digits}" is not a number` };
  return { kind: 'version', path, version: Number(digits) };
}

/**
 * Compares the version that wrote the data with what the container's base reads. Pure.
 */
export function judgeFormat(
  options: Judged & { found: FoundVersion; base: ContainerBase; holder: Holder },
): FormatFinding | undefined {
  const { found, base, volume } = options;
  switch (found.kind) {
    case 'none':
      return undefined;
    case 'unread':
      return { refused: false, problem: unread({ ...options, found }) };
    case 'version': {
      const { version } = found;
      if (typeof base === 'object')
        return { refused: false, problem: unknownBase({ ...options, found, base }) };
      const possible = base === 'either' ? kindsOf(options) : [base];
      const reading = possible.filter((kind) => reads({ format: volume.format, kind, version }));
      if (reading.length === possible.length) return undefined;
      const problem = isOlder({ ...options, version })
        ? tooOld({ ...options, ...found })
        : tooNew({ ...options, ...found, possible });
      return { refused: reading.length === 0, problem };
    }
    default:
      return found satisfies never;
  }
}

/** Older than any base that the container can get. */
function isOlder(options: Judged & { version: number }): boolean {
  const { exact, reads: limits } = options.volume.format;
  const known = kindsOf(options).flatMap((kind) => limits[kind] ?? []);
  return exact && known.every((limit) => options.version < limit);
}

function tooOld(options: Judged & { path: string; version: number }): Problem {
  const { container, volume, path, version } = options;
  const { name, role } = container;
  const limits = kindsOf(options).flatMap((kind) => volume.format.reads[kind] ?? []);
  const wanted = [...new Set(limits)].join(' or ');
  return {
    code: 'data-too-old',
    message: `The data in ${volume.volume} was written in version ${version} of its format, and ${name} reads version ${wanted} alone.`,
    detail: [`${path} says so`],
    suggestion: `arc upgrade ${role} moves the data to version ${wanted}, and keeps the volume as it is under another name; arc upgrade ${role} --dry-run shows how`,
  };
}

function tooNew(
  options: Judged & { path: string; version: number; possible: readonly BaseKind[]; holder: Holder },
): Problem {
  const { container, volume, path, version, possible, holder } = options;
  const { name, role } = container;
  const { reads: limits } = volume.format;
  const [kind] = possible;
  const outcome =
    possible.length === 1 && kind !== undefined
      ? `${name} reads ${volume.format.exact ? '' : 'up to '}version ${limits[kind]}${volume.format.exact ? ' alone' : ''}`
      : `not every base that ${name} may get reads that`;
  const others = kindsOf(options).filter((other) => reads({ format: volume.format, kind: other, version }));
  const [other] = others;
  const ways = [
    ...(other === undefined
      ? []
      : [`arc up ${role} --bases ${policies[other]} boots the base that reads it`]),
    `docker cp -a ${holder.name}:${holder.target} ${volume.volume} && arc clean ${role} keeps a copy and begins without the data`,
  ];
  return {
    code: 'data-too-new',
    message: `The data in ${volume.volume} was written in version ${version} of its format, and ${outcome}.`,
    detail: [
      `${path} says so`,
      ...kindsOf(options).map(
        (one) =>
          `${one === 'upstream' ? `the base ${container.image.upstream}` : 'the base made by the recipe'} reads up to version ${limits[one]}`,
      ),
    ],
    suggestion: ways.join('; '),
  };
}

function unread(options: Judged & { found: Extract<FoundVersion, { kind: 'unread' }> }): Problem {
  const { container, volume, found } = options;
  return {
    code: 'data-version-unknown',
    message: `arc could not read which version wrote the data in ${volume.volume}, so ${container.name} may not be able to load it.`,
    detail: [`${found.path}: ${found.reason}`],
    suggestion: `see whether it starts: arc logs ${container.role}`,
  };
}

function unknownBase(
  options: Judged & { found: Extract<FoundVersion, { kind: 'version' }>; base: { other: string } },
): Problem {
  const { container, volume, found, base } = options;
  return {
    code: 'data-version-unknown',
    message: `The data in ${volume.volume} was written in version ${found.version} of its format, and arc does not know which version ${container.name} reads.`,
    detail: [
      `its image was made from ${base.other}, and its service.yaml is about ${container.image.upstream}`,
    ],
    suggestion: `see whether it starts: arc logs ${container.role}`,
  };
}

const policies: Record<BaseKind, string> = { upstream: 'registry', recipe: 'local' };

/** The possible bases of the container; no registry has what is made here. */
function kindsOf({ container, volume }: Judged): readonly BaseKind[] {
  const upstream: readonly BaseKind[] = isMadeHere(container.image.upstream) ? [] : ['upstream'];
  const recipe = container.image.recipe !== undefined && volume.format.reads.recipe !== undefined;
  return recipe ? [...upstream, 'recipe'] : upstream;
}

function reads(options: { format: VolumeFormat; kind: BaseKind; version: number }): boolean {
  const limit = options.format.reads[options.kind] ?? Number.NEGATIVE_INFINITY;
  return options.format.exact ? options.version === limit : options.version <= limit;
}
