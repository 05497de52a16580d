import { type GitCommit, shortCommit } from '../git/source.ts';
import type { RegistryImage } from '../registry/image.ts';
import type { ReleaseImage, ReleaseRequest } from './model.ts';
import { imageAt } from './names.ts';

/** As many commits as are listed one by one; GitHub takes 125,000 characters. */
const listedCommits = 200;

/** The text of a release on GitHub, in Markdown: what changed since the version before, and what to pull. */
export function releaseNotes(options: {
  request: Pick<ReleaseRequest, 'service' | 'version' | 'repository' | 'images'>;
  commits: readonly GitCommit[];
  /** The service's version before this one. */
  previous: string | undefined;
  images: ReadonlyMap<string, RegistryImage>;
}): string {
  const { request, commits, previous, images } = options;
  const { service, version, repository } = request;
  const listed = commits.slice(0, listedCommits);
  const more = commits.length - listed.length;
  const since = previous === undefined ? '' : ` since ${previous}`;
  return [
    `## Changes${since}`,
    '',
    ...(listed.length === 0 ? ['None of the service itself.'] : []),
    ...listed.map(
      ({ commit, subject, author }) =>
        `- ${asText(subject)} ([${shortCommit(commit).slice(0, 7)}](${repository}/commit/${commit}), ${asText(author)})`,
    ),
    ...(more > 0 ? [`- and ${more} more`] : []),
    ...(previous === undefined
      ? []
      : ['', `[All changes](${repository}/compare/${service}/${previous}...${service}/${version})`]),
    '',
    '## Images',
    '',
    '| image | digest |',
    '| --- | --- |',
    ...request.images.map(
      (image) => `| \`${imageAt(image, { tag: version })}\` | \`${digestOf({ image, images })}\` |`,
    ),
    '',
    `\`arc verify ${service}@${version}\` checks them; \`arc rollback ${service} ${version}\` runs them.`,
    '',
  ].join('\n');
}

function digestOf(options: { image: ReleaseImage; images: ReadonlyMap<string, RegistryImage> }): string {
  return options.images.get(options.image.role)?.digest ?? 'not built';
}

/** A commit's subject is plain text: no markup in it works, and no name in it notifies anybody. */
function asText(text: string): string {
  return text.replace(/[\\`*_[\]<>|]/g, '\\$&').replace(/@(?=\w)/g, '@\u200b');
}
