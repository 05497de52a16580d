import { failed, invalid } from '../core/errors.ts';
import { gitTagOf } from './names.ts';
import { isBehind, isPrerelease, newestFirst, readVersion } from './version.ts';

/** Versions of a service, by the tags that its images have in the registry, and by its git tags. */
export type ReleasedVersions = {
  /** Finished versions that every image has, newest first. */
  whole: readonly string[];
  /** Versions that every image has but whose release is not finished, newest first. */
  unfinished: readonly string[];
  /** Versions that some images lack, each with those images. */
  partial: ReadonlyMap<string, readonly string[]>;
};

/** As many versions as an error lists; whoever wants more looks at the registry. */
const shownVersions = 10;

/**
 * Reads versions off tags. Every other tag is none: `latest`, `sha-…`, `realtime-v0.1.0`.
 *
 * @param options.tags of each image, by its repository
 * @param options.finished the versions with a git tag; absent where git cannot tell
 */
export function releasedVersions(options: {
  tags: ReadonlyMap<string, readonly string[]>;
  finished?: ReadonlySet<string> | undefined;
}): ReleasedVersions {
  const { tags, finished } = options;
  const holders = new Map<string, Set<string>>();
  for (const [image, names] of tags) {
    for (const version of newestFirst(names)) {
      const known = holders.get(version);
      if (known) known.add(image);
      else holders.set(version, new Set([image]));
    }
  }
  const partial = new Map<string, readonly string[]>();
  for (const [version, images] of holders) {
    const lacking = [...tags.keys()].filter((image) => !images.has(image));
    if (lacking.length > 0) partial.set(version, lacking);
  }
  const complete = newestFirst([...holders.keys()]).filter((version) => !partial.has(version));
  const isFinished = (version: string): boolean => finished?.has(version) !== false;
  return {
    whole: complete.filter(isFinished),
    unfinished: complete.filter((version) => !isFinished(version)),
    partial,
  };
}

/**
 * The release that a service goes back to: the one that was named, or else the newest before the one that runs. Where
 * containers of the service run different releases, as an interrupted rollback leaves them, that is the newest of
 * those; where one runs no release at all, every release is before it. A pre-release has to be named.
 *
 * @param options.wanted as typed
 * @param options.running of each container of the service; `undefined` for one that runs no release
 * @throws ArcError `bad-version`, `unknown-release`, `release-incomplete`, `no-release`, `no-earlier-release`
 */
export function chooseVersion(options: {
  service: string;
  wanted: string | undefined;
  running: readonly (string | undefined)[];
  released: ReleasedVersions;
}): string {
  const { service, wanted, running, released } = options;
  if (wanted !== undefined) return namedVersion({ service, wanted, released });
  const stable = released.whole.filter((version) => !isPrerelease(version));
  const newest = running.includes(undefined)
    ? undefined
    : newestFirst(running.filter((version) => version !== undefined))[0];
  const chosen = stable.find((version) => newest === undefined || isBehind(version, newest));
  if (chosen !== undefined) return chosen;
  const others = listed(released, newest);
  if (newest === undefined || released.whole.length === 0)
    throw nothingReleased({ service, others, released });
  throw failed({
    code: 'no-earlier-release',
    message: `There is no release of ${service} before ${newest}, which runs.`,
    ...others,
    suggestion: `name a version: arc rollback ${service} <version>; arc up ${service} returns to the images in the manifests`,
  });
}

function namedVersion(options: { service: string; wanted: string; released: ReleasedVersions }): string {
  const { service, wanted, released } = options;
  const version = readVersion(wanted);
  const [newest] = released.whole;
  if (released.whole.includes(version)) return version;
  if (released.unfinished.includes(version))
    throw failed({
      code: 'release-incomplete',
      message: `The release ${version} of ${service} was never finished: there is no git tag ${gitTagOf({ service, version })}.`,
      ...listed(released),
      suggestion: `arc release ${service} ${version} goes on with a release that was interrupted; else name another version`,
    });
  const lacking = released.partial.get(version);
  if (lacking !== undefined)
    throw failed({
      code: 'release-incomplete',
      message: `${version} of ${service} is incomplete: the registry lacks ${lacking.join(', ')} in this version.`,
      ...listed(released),
      suggestion: `arc release ${service} ${version} goes on with a release that was interrupted; else name another version`,
    });
  if (newest === undefined) throw nothingReleased({ service, others: listed(released), released });
  throw invalid({
    code: 'unknown-release',
    message: `There is no release ${version} of ${service}.`,
    ...listed(released),
    suggestion: `for example arc rollback ${service} ${newest}`,
  });
}

function nothingReleased(options: {
  service: string;
  others: { detail?: readonly string[] };
  released: ReleasedVersions;
}) {
  const { service, others, released } = options;
  const [unfinished] = released.unfinished;
  const only = released.whole.length > 0 ? ' but pre-releases' : unfinished ? ' that was finished' : '';
  return failed({
    code: 'no-release',
    message: `There is no release of ${service}${only} in the registry.`,
    ...others,
    suggestion:
      released.whole.length > 0
        ? `name one: arc rollback ${service} <version>`
        : unfinished
          ? `arc release ${service} ${unfinished} goes on with a release that was interrupted`
          : `arc release ${service} v0.1.0 makes the first one`,
  });
}

/** @param running is known, and not listed */
function listed({ whole, unfinished }: ReleasedVersions, running?: string): { detail?: readonly string[] } {
  const lines = [
    ...line(
      'released',
      whole.filter((version) => version !== running),
    ),
    ...line('not finished', unfinished),
  ];
  return lines.length === 0 ? {} : { detail: lines };
}

function line(what: string, versions: readonly string[]): readonly string[] {
  if (versions.length === 0) return [];
  const more = versions.length > shownVersions ? ` and ${versions.length - shownVersions} older ones` : '';
  return [`${what}: ${versions.slice(0, shownVersions).join(', ')}${more}`];
}
