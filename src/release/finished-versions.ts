import { ArcError } from '../core/errors.ts';
import type { GitContext } from '../git/git.ts';
import { localTags, remoteTags } from '../git/tags.ts';
import { gitTagPrefix } from './names.ts';

/**
 * Of the registry's versions, those with a finished release; undefined if git cannot tell. A release creates its git
 * tag once all of its images have the version, so a version without a tag was interrupted before that.
 */
export type FinishedVersions = (versions: readonly string[]) => Promise<ReadonlySet<string> | undefined>;

/**
 * Looks at the tags of this clone, and at those of the remote repository where a version has none here: clones are
 * seldom up to date. Git cannot tell outside of a repository, in one that has no release of the service, and as long as
 * the remote repository does not answer: going back must not depend on that.
 */
export function finishedVersions(options: { git: GitContext; service: string }): FinishedVersions {
  const { git, service } = options;
  const prefix = gitTagPrefix(service);
  const versionsOf = (tags: readonly { name: string }[]): ReadonlySet<string> =>
    new Set(tags.map(({ name }) => name.slice(prefix.length)));
  return async (versions) => {
    try {
      const here = versionsOf(await localTags({ ...git, prefix: `${prefix}v` }));
      if (versions.every((version) => here.has(version))) return here;
      const everywhere = new Set([
        ...here,
        ...versionsOf(await remoteTags({ ...git, prefix: `${prefix}v` })),
      ]);
      return everywhere.size === 0 ? undefined : everywhere;
    } catch (error) {
      if (error instanceof ArcError && ['git-failed', 'missing-tool'].includes(error.code)) return undefined;
      throw error;
    }
  };
}
