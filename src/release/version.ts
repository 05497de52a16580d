import { compare, parse, prerelease } from 'semver';
import { invalid } from '../core/errors.ts';

/**
 * Reads the version of a release: semantic versioning 2.0 behind a `v`, without build metadata, which no tag of an
 * image can hold.
 *
 * @throws ArcError (exit status 2) `bad-version`
 */
export function readVersion(text: string): string {
  const version = parse(text.replace(/^v/, ''));
  if (text === `v${version?.version}` && version?.build.length === 0) return text;
  const meant = version ?? parse(text.replace(/^v/, ''), { loose: true });
  throw invalid({
    code: 'bad-version',
    message: `"${text}" is not a version that can be released.`,
    suggestion:
      meant === null || meant === undefined
        ? 'write it like v0.1.0, or v0.2.0-rc.1 for a pre-release'
        : `did you mean v${meant.version}?`,
  });
}

/** Whether it is a pre-release, such as `v0.2.0-rc.1`: it never becomes `latest`. */
export function isPrerelease(version: string): boolean {
  return prerelease(version) !== null;
}

/** The versions among some texts, newest first; what is no version is left out. */
export function newestFirst(texts: readonly string[]): readonly string[] {
  return texts
    .filter((text) => {
      const version = parse(text);
      return version !== null && text === `v${version.version}`;
    })
    .toSorted((a, b) => compare(b, a));
}

/** Whether the first comes before the second. */
export function isBehind(version: string, other: string): boolean {
  return compare(version, other) < 0;
}
