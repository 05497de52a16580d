import { Octokit } from '@octokit/core';
import type { Problem } from '../core/errors.ts';
import { persist, type RetryPolicy } from '../core/retry.ts';
import type { Secret } from '../core/secret.ts';
import { type GithubRepository, uploadRoot } from './address.ts';
import { explainGithub, isRefusal, isTransient, noPermission, noToken } from './failure.ts';

/** One request may take this long; uploads get longer. */
const requestMilliseconds = 30_000;

/** Assets are some megabytes at most. */
const uploadMilliseconds = 300_000;

/** As many times as what is transient is tried. */
const attempts = 4;

/** A release as GitHub has it. */
export type GithubRelease = {
  id: number;
  /** Name of its git tag. */
  tag: string;
  draft: boolean;
  /** Page for people. */
  address: string;
  assets: readonly GithubAsset[];
};

export type GithubAsset = {
  id: number;
  name: string;
  /** Bytes. */
  size: number;
  /** Not so where an upload was cut. */
  complete: boolean;
  /** `sha256:…`; older servers do not say it. */
  digest?: string;
};

/**
 * The part of GitHub's API that releases need. Every call can throw an ArcError: `github-refused` (exit status 4),
 * `github-failed` or `github-unreachable` (1).
 */
export type GithubClient = {
  /** Why this login cannot make releases; undefined if it can. */
  refusal: () => Promise<Problem | undefined>;
  /** The release of a tag, a draft too. */
  findRelease: (tag: string) => Promise<GithubRelease | undefined>;
  /** The tag must exist: a draft without its tag would create it, at any commit. */
  draftRelease: (release: {
    tag: string;
    name: string;
    notes: string;
    prerelease: boolean;
  }) => Promise<GithubRelease>;
  /** Makes sure that a draft has an asset with exactly these bytes. */
  ensureAsset: (asset: {
    release: GithubRelease;
    name: string;
    mediaType: string;
    bytes: Buffer;
    digest: string;
  }) => Promise<'kept' | 'uploaded'>;
  publishRelease: (release: { id: number; latest: boolean }) => Promise<GithubRelease>;
};

/** The fields that are read of GitHub's answers (docs.github.com/en/rest/releases, API version 2022-11-28). */
type ReleaseAnswer = {
  id: number;
  tag_name: string;
  draft: boolean;
  html_url: string;
  upload_url: string;
  assets: readonly { id: number; name: string; size: number; state: string; digest?: string | null }[];
};

/**
 * @param options.api root of the API: `https://api.github.com`
 * @param options.patience first wait before something is tried again, in milliseconds; later ones are longer
 */
export function openGithub(options: {
  repository: GithubRepository;
  api: string;
  token: Secret | undefined;
  signal: AbortSignal;
  patience?: number;
}): GithubClient {
  const { repository, api, token, signal, patience = 1000 } = options;
  const client = new Octokit({
    ...(token === undefined ? {} : { auth: token.reveal() }),
    baseUrl: api,
    userAgent: 'arc',
    // The library writes warnings about deprecated fields to standard error; arc discards them.
    log: { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} },
  });

  const policy: RetryPolicy = {
    attempts,
    firstDelay: patience,
    longestDelay: patience * 4,
    deadline: attempts * uploadMilliseconds,
  };
  /** Repeats a whole question or change, which looks each time at what is there: what failed may have been done. */
  const persisting = <Result>(operation: (before: number) => Promise<Result>): Promise<Result> =>
    persist({ operation: (_, before) => operation(before), policy, signal, isTransient });

  /** Sends one request, once. */
  async function send<Answer>(
    route: string,
    parameters: Record<string, unknown> = {},
    milliseconds = requestMilliseconds,
  ): Promise<Answer> {
    try {
      const { data } = await client.request(route, {
        ...repository,
        ...parameters,
        headers: { 'x-github-api-version': '2022-11-28', ...(parameters.headers as object | undefined) },
        request: { signal: AbortSignal.any([signal, AbortSignal.timeout(milliseconds)]) },
      });
      return data as Answer;
    } catch (cause) {
      signal.throwIfAborted();
      throw explainGithub({ cause, api, repository, route });
    }
  }

  const assetsOf = async (id: number) =>
    await send<ReleaseAnswer['assets']>('GET /repos/{owner}/{repo}/releases/{id}/assets', {
      id,
      per_page: 100,
    });

  async function findRelease(tag: string): Promise<GithubRelease | undefined> {
    // By its tag only a published release can be asked for; drafts are in the list, newest first.
    for (let page = 1; ; page += 1) {
      const releases = await send<readonly ReleaseAnswer[]>('GET /repos/{owner}/{repo}/releases', {
        per_page: 100,
        page,
      });
      const found = releases.find(({ tag_name }) => tag_name === tag);
      if (found !== undefined) return readRelease(found);
      if (releases.length < 100) return undefined;
    }
  }

  return {
    refusal: async () => {
      if (token === undefined) return noToken(repository);
      try {
        const { permissions } = await persisting(() =>
          send<{ permissions?: { push?: boolean } }>('GET /repos/{owner}/{repo}'),
        );
        // An app's token has its own permissions, which this answer does not contain (semantic-release/github#182).
        const ofApp = token.reveal().startsWith('ghs_');
        return permissions?.push === false && !ofApp ? noPermission(repository) : undefined;
      } catch (error) {
        if (isRefusal(error)) return error.problems[0];
        throw error;
      }
    },

    findRelease: (tag) => persisting(() => findRelease(tag)),

    draftRelease: ({ tag, name, notes, prerelease }) => {
      const body = { tag_name: tag, name, body: notes, draft: true, prerelease };
      return persisting(async (before) => {
        // The answer was lost, and perhaps not the request: a second draft of the tag would be one too many.
        const made = before === 0 ? undefined : await findRelease(tag);
        return made ?? readRelease(await send<ReleaseAnswer>('POST /repos/{owner}/{repo}/releases', body));
      });
    },

    ensureAsset: ({ release, name, mediaType, bytes, digest }) => {
      let sent = false;
      return persisting(async () => {
        const there = (await assetsOf(release.id)).find((asset) => asset.name === name);
        if (there?.state === 'uploaded' && sameContent({ there, bytes, digest })) {
          return sent ? 'uploaded' : 'kept';
        }
        if (there !== undefined) {
          await send('DELETE /repos/{owner}/{repo}/releases/assets/{id}', { id: there.id });
        }
        sent = true;
        await send(
          `POST ${uploadRoot(api)}/repos/{owner}/{repo}/releases/{id}/assets?name={name}`,
          {
            id: release.id,
            name,
            data: bytes,
            headers: { 'content-type': mediaType, 'content-length': bytes.length },
          },
          uploadMilliseconds,
        );
        return 'uploaded';
      });
    },

    publishRelease: async ({ id, latest }) => {
      const change = { id, draft: false, make_latest: latest ? 'true' : 'false' };
      return readRelease(
        await persisting(() => send<ReleaseAnswer>('PATCH /repos/{owner}/{repo}/releases/{id}', change)),
      );
    },
  };
}

function readRelease(answer: ReleaseAnswer): GithubRelease {
  return {
    id: answer.id,
    tag: answer.tag_name,
    draft: answer.draft,
    address: answer.html_url,
    assets: answer.assets.map(({ id, name, size, state, digest }) => ({
      id,
      name,
      size,
      complete: state === 'uploaded',
      ...(digest ? { digest } : {}),
    })),
  };
}

function sameContent(options: {
  there: ReleaseAnswer['assets'][number];
  bytes: Buffer;
  digest: string;
}): boolean {
  const { there, bytes, digest } = options;
  return there.size === bytes.length && (!there.digest || there.digest === digest);
}
