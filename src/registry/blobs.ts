import { digestOf } from './digest.ts';
import type { Repository } from './model.ts';
import { UnusableAnswer } from './problems.ts';
import { repositoryName } from './reference.ts';
import type { Call, Caller, Session } from './session.ts';

/** Limit for the answer to a push, which is empty or a few lines of errors. */
const answerLimitBytes = 64 * 1024;

export async function getBlob(options: {
  session: Session;
  repo: Repository;
  digest: string;
  limitBytes: number;
}): Promise<Buffer> {
  const { session, repo, digest, limitBytes } = options;
  return await session.perform({
    repo,
    permission: 'pull',
    what: `read ${repositoryName(repo)}@${digest}`,
    run: async (ask) => {
      const { body } = await ask({
        method: 'GET',
        to: `blobs/${digest}`,
        limitBytes,
        followRedirects: true,
        expect: [200],
      });
      const given = digestOf(body);
      if (given !== digest)
        throw new UnusableAnswer('the registry gave other bytes', [`the bytes are ${given}`]);
      return body;
    },
  });
}

/** Uploads bytes that the registry does not have yet. */
export async function putBlob(options: {
  session: Session;
  repo: Repository;
  bytes: Buffer;
}): Promise<{ digest: string; size: number }> {
  const { session, repo, bytes } = options;
  return await session.perform({
    repo,
    permission: 'push',
    what: `push ${bytes.length} bytes to ${repositoryName(repo)}`,
    bytes: bytes.length,
    run: async (ask) => await sendBlob(ask, bytes),
  });
}

export async function sendBlob(ask: Caller, bytes: Buffer): Promise<{ digest: string; size: number }> {
  const digest = digestOf(bytes);
  const answer = { limitBytes: answerLimitBytes };
  const there = await ask({
    ...answer,
    method: 'HEAD',
    to: `blobs/${digest}`,
    followRedirects: true,
    expect: [200, 404],
  });
  if (there.status === 404) {
    const place = await beginUpload(ask);
    place.searchParams.set('digest', digest);
    await ask({
      ...answer,
      method: 'PUT',
      to: place,
      headers: { 'content-type': 'application/octet-stream' },
      body: bytes,
      expect: [200, 201, 202, 204],
    });
  }
  return { digest, size: bytes.length };
}

/** Begins an upload and cancels it: there is no other question whose answer is whether one may push. */
export async function checkWrite(options: { session: Session; repo: Repository }): Promise<void> {
  const { session, repo } = options;
  await session.perform({
    repo,
    permission: 'push',
    what: `begin to push to ${repositoryName(repo)}`,
    run: async (ask) => {
      const to = await beginUpload(ask);
      // An unfinished upload is forgotten by and by: nothing depends on whether the registry knows how to cancel one.
      await ask({ method: 'DELETE', to, limitBytes: answerLimitBytes, expect: [] }).catch(() => {});
    },
  });
}

async function beginUpload(ask: Caller): Promise<URL> {
  const call: Call = { method: 'POST', to: 'blobs/uploads/', limitBytes: answerLimitBytes, expect: [202] };
  const { headers, url } = await ask(call);
  const place = headers.location === undefined ? undefined : URL.parse(headers.location, url.href);
  if (!place) throw new UnusableAnswer('the registry does not say where to upload to');
  return place;
}
