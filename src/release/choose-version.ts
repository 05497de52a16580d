import { failed, invalid } from '../errors.ts';
import { isBehind, isPrerelease, newestFirst, readVersion } from './version.ts';

/** Versions of a service, by the tags that its images have in the registry. */
export type ReleasedVersions = {
  /** Those that every image has, newest first. */
  whole: readonly string[];
  /** Those that only some have, each with the images that lack it. */
  partial: ReadonlyMap<string, readonly string[]>;
};

/** As many versions as an error lists; whoever wants more looks at the registry. */
const shownVersions = 10;

/**
 * Reads versions off tags. Every other tag is none: `latest`, `sha-…`, `realtime-v0.1.0`.
 *
 * @param tags of each image, by its repository
 */
export function releasedVersions(tags: ReadonlyMap<string, readonly string[]>): ReleasedVersions {
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
  const whole = newestFirst([...holders.keys()]).filter((version) => !partial.has(version));
  return { whole, partial };
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
  const others = listed(released.whole.filter((version) => version !== newest));
  if (newest === undefined || released.whole.length === 0) throw nothingReleased({ service, others });
  throw failed({
    code: 'no-earlier-release',
    message: `There is no release of ${service} before ${newest}, which runs.`,
    ...others,
    suggestion: `name a version: arc rollback ${service} <version>; arc up ${service} goes back to the images of the manifests`,
  });
}

function namedVersion(options: { service: string; wanted: string; released: ReleasedVersions }): string {
  const { service, wanted, released } = options;
  const version = readVersion(wanted);
  const [newest] = released.whole;
  if (released.whole.includes(version)) return version;
  const lacking = released.partial.get(version);
  if (lacking !== undefined)
    throw failed({
      code: 'release-incomplete',
      message: `${version} of ${service} is no whole release: ${lacking.join(', ')} ${lacking.length === 1 ? 'is' : 'are'} not there in this version.`,
      ...listed(released.whole),
      suggestion: `arc release ${service} ${version} goes on with a release that was interrupted; else name another version`,
    });
  if (newest === undefined) throw nothingReleased({ service, others: {} });
  throw invalid({
    code: 'unknown-release',
    message: `There is no release ${version} of ${service}.`,
    ...listed(released.whole),
    suggestion: `for example arc rollback ${service} ${newest}`,
  });
}

function nothingReleased(options: { service: string; others: { detail?: readonly string[] } }) {
  const { service, others } = options;
  return failed({
    code: 'no-release',
    message: `There is no release of ${service}${others.detail === undefined ? '' : ' but pre-releases'} in the registry.`,
    ...others,
    suggestion:
      others.detail === undefined
        ? `arc release ${service} v0.1.0 makes the first one`
        : `name one: arc rollback ${service} <version>`,
  });
}

function listed(versions: readonly string[]): { detail?: readonly string[] } {
  if (versions.length === 0) return {};
  const more = versions.length > shownVersions ? ` and ${versions.length - shownVersions} older ones` : '';
  return { detail: [`released: ${versions.slice(0, shownVersions).join(', ')}${more}`] };
}
