import { type Artifact, artifactManifest, emptyConfig, fallbackIndex, fallbackTag } from './artifact.ts';
import { sendBlob } from './blobs.ts';
import { nextPage } from './link.ts';
import { fetchManifest, named, sendManifest } from './manifests.ts';
import { type Descriptor, mediaTypes, type Repository } from './model.ts';
import { readDescriptors } from './parse-manifest.ts';
import { UnusableAnswer } from './problems.ts';
import type { Caller, Session } from './session.ts';

const pageLimitBytes = 4 * 1024 * 1024;
/** As with tags: a list without an end is a fault of the registry. */
const mostPages = 100;

/** Lists the documents that refer to a manifest, through the registry's API or, without one, the fallback tag. */
export async function listReferrers(options: {
  session: Session;
  repo: Repository;
  digest: string;
  artifactType: string | undefined;
}): Promise<readonly Descriptor[]> {
  const { session, repo, digest, artifactType } = options;
  const all = await session.perform({
    repo,
    permission: 'pull',
    what: `list what is attached to ${named(repo, digest)}`,
    run: (ask) => referrersOf(ask, digest),
  });
  // Whether the registry filters is up to it, so it is not asked to.
  return artifactType === undefined ? all : all.filter((found) => found.artifactType === artifactType);
}

async function referrersOf(ask: Caller, digest: string): Promise<readonly Descriptor[]> {
  return (await fromApi(ask, digest)) ?? (await fromFallbackTag(ask, digest));
}

/**
 * Undefined if the registry has no such API: 404 by the specification; GHCR sends to a web page that is not for
 * programs (303), and others answer that the address or the method is bad. A redirect is therefore not followed.
 */
async function fromApi(ask: Caller, digest: string): Promise<readonly Descriptor[] | undefined> {
  const found: Descriptor[] = [];
  let to: string | URL | undefined = `referrers/${digest}`;
  for (let page = 0; to !== undefined; page += 1) {
    if (page === mostPages) throw new UnusableAnswer(`the registry lists more than ${mostPages} pages`);
    const answer = await ask({
      method: 'GET',
      to,
      headers: { accept: mediaTypes.index },
      limitBytes: pageLimitBytes,
      expect: [200, 301, 302, 303, 307, 308, 400, 404, 405, 406],
    });
    const isIndex = answer.headers['content-type']?.startsWith(mediaTypes.index) ?? false;
    if (answer.status !== 200 || !isIndex) return undefined;
    found.push(...readDescriptors(answer.body));
    to = nextPage(answer.headers.link, answer.url);
  }
  return found;
}

async function fromFallbackTag(ask: Caller, digest: string): Promise<readonly Descriptor[]> {
  const index = await fetchManifest(ask, fallbackTag(digest));
  // Another client's image may have a tag of that name; it is no list.
  return index?.mediaType === mediaTypes.index ? readDescriptors(index.bytes) : [];
}

/**
 * Attaches an artifact: its blobs, then its manifest, then, where the registry does not list it by itself, its line in
 * the index under the fallback tag. Interrupted anywhere, the same call goes on.
 */
export async function attach(options: {
  session: Session;
  repo: Repository;
  artifact: Artifact;
}): Promise<{ digest: string }> {
  const { session, repo, artifact } = options;
  const { subject, layers } = artifact;
  const { bytes, descriptor } = artifactManifest(artifact);
  const { digest } = descriptor;
  return await session.perform({
    repo,
    permission: 'push',
    what: `attach ${artifact.artifactType} to ${named(repo, subject.digest)}`,
    bytes: layers.reduce((sum, layer) => sum + layer.bytes.length, bytes.length),
    run: async (ask) => {
      const isListed = (list: readonly Descriptor[]) => list.some((found) => found.digest === digest);
      if (isListed(await referrersOf(ask, subject.digest))) return { digest };
      for (const blob of [emptyConfig, ...layers.map((layer) => layer.bytes)]) await sendBlob(ask, blob);
      const { subjectIsKept } = await sendManifest(ask, {
        reference: digest,
        mediaType: descriptor.mediaType,
        bytes,
      });
      if (subjectIsKept) return { digest };
      const listed = await fromFallbackTag(ask, subject.digest);
      if (isListed(listed)) return { digest };
      await sendManifest(ask, {
        reference: fallbackTag(subject.digest),
        mediaType: mediaTypes.index,
        bytes: fallbackIndex([...listed, descriptor]),
      });
      return { digest };
    },
  });
}
