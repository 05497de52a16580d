import { nextPage } from './link.ts';
import type { Repository } from './model.ts';
import { UnusableAnswer } from './problems.ts';
import { repositoryName } from './reference.ts';
import type { Session } from './session.ts';

/** A page of 1000 tags of 128 characters each takes 130 kB. */
const pageLimitBytes = 4 * 1024 * 1024;
/** 100,000 tags; a list without an end is a fault of the registry. */
const mostPages = 100;

export async function listTags(options: { session: Session; repo: Repository }): Promise<readonly string[]> {
  const { session, repo } = options;
  return await session.perform({
    repo,
    permission: 'pull',
    what: `list the tags of ${repositoryName(repo)}`,
    run: async (ask) => {
      const tags: string[] = [];
      let to: string | URL | undefined = 'tags/list?n=1000';
      for (let page = 0; to !== undefined; page += 1) {
        if (page === mostPages) throw new UnusableAnswer(`the registry lists more than ${mostPages} pages`);
        const answer = await ask({ method: 'GET', to, limitBytes: pageLimitBytes, expect: [200, 404] });
        // Nothing has been pushed there yet.
        if (answer.status === 404) break;
        tags.push(...tagsIn(answer.body));
        to = nextPage(answer.headers.link, answer.url);
      }
      return tags;
    },
  });
}

function tagsIn(body: Buffer): readonly string[] {
  try {
    const { tags } = JSON.parse(body.toString('utf8')) as { tags?: readonly unknown[] | null };
    return (tags ?? []).filter((tag) => typeof tag === 'string');
  } catch {
    throw new UnusableAnswer('the list that the registry gave cannot be read');
  }
}
