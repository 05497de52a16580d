import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** The token that the server knows. */
export const githubToken = 'ghp_of_the_tests_0123456789';

/** That of an app, whose permissions are not those of a person. */
export const githubAppToken = 'ghs_of_the_tests_0123456789';

export type ServedAsset = {
  id: number;
  name: string;
  size: number;
  state: 'uploaded' | 'starter';
  digest: string;
};

export type ServedRelease = {
  id: number;
  tag_name: string;
  name: string;
  body: string;
  draft: boolean;
  prerelease: boolean;
  latest: boolean;
  assets: ServedAsset[];
};

/** What happens to the next request that matches: an answer in place of the real one, before or after it took effect. */
export type GithubFault = {
  method: string;
  path: RegExp;
  /** `lost`: it took effect, and the connection is cut before the answer; `cut`: so is the request in its middle. */
  how: { status: number } | 'lost' | 'cut';
};

/**
 * The release endpoints of GitHub with their documented rules: drafts are not found by tag, one published release a
 * tag, one asset a name, a cut upload leaves an asset that is no use, and a published release is immutable.
 */
export type GithubServer = {
  /** Root of the API. */
  api: string;
  releases: ServedRelease[];
  content: Map<number, Buffer>;
  requests: string[];
  faults: GithubFault[];
  /** Whether the token may write. */
  mayWrite: boolean;
  close: () => Promise<void>;
};

/** @param options.hasTag whether the repository has a git tag: nothing is published without */
export async function startGithub(options: {
  repository: string;
  hasTag: (name: string) => boolean;
}): Promise<GithubServer> {
  const served: Omit<GithubServer, 'api' | 'close'> = {
    releases: [],
    content: new Map(),
    requests: [],
    faults: [],
    mayWrite: true,
  };
  let lastId = 100;
  const root = `/repos/${options.repository}`;

  const server = createServer((request, response) => {
    void handle(request, response).catch(() => response.destroy());
  });

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://server');
    const { method = 'GET' } = request;
    served.requests.push(`${method} ${url.pathname}`);
    const at = served.faults.findIndex((fault) => fault.method === method && fault.path.test(url.pathname));
    const [fault] = at === -1 ? [] : served.faults.splice(at, 1);
    if (typeof fault?.how === 'object') {
      request.resume();
      return answer(response, fault.how.status, { message: 'Something went wrong' });
    }
    if (!known.has(request.headers.authorization ?? '')) {
      request.resume();
      return answer(response, 401, { message: 'Bad credentials' });
    }
    if (fault?.how === 'cut') {
      await once(request, 'data');
      const upload = /\/releases\/(\d+)\/assets$/.exec(url.pathname);
      const release = served.releases.find(({ id }) => id === Number(upload?.[1]));
      release?.assets.push({
        id: ++lastId,
        name: url.searchParams.get('name') ?? '',
        size: 0,
        state: 'starter',
        digest: '',
      });
      request.socket.destroy();
      return;
    }
    const body = await read(request);
    const { status, data } = serve({ method, url, body });
    if (fault?.how === 'lost') {
      request.socket.destroy();
      return;
    }
    return answer(response, status, data);
  }

  function serve(options: { method: string; url: URL; body: Buffer }): { status: number; data?: unknown } {
    const { method, url, body } = options;
    if (!url.pathname.startsWith(root)) return notFound;
    const route = `${method} ${url.pathname.slice(root.length).replace(/\d+/g, 'N')}`;
    const id = Number(/\d+/.exec(url.pathname.slice(root.length))?.[0]);
    const release = served.releases.find((candidate) => candidate.id === id);
    if (method !== 'GET' && !served.mayWrite)
      return { status: 403, data: { message: 'Resource not accessible by integration' } };
    switch (route) {
      case 'GET ':
        return { status: 200, data: { permissions: { pull: true, push: served.mayWrite } } };
      case 'GET /releases': {
        const page = Number(url.searchParams.get('page') ?? 1);
        const size = Number(url.searchParams.get('per_page') ?? 30);
        const list = served.releases.toReversed().slice((page - 1) * size, page * size);
        return { status: 200, data: list.map(show) };
      }
      case 'POST /releases': {
        const given = JSON.parse(body.toString()) as Partial<ServedRelease>;
        const { tag_name = '', draft = false } = given;
        if (!draft && served.releases.some((other) => !other.draft && other.tag_name === tag_name))
          return invalid([{ resource: 'Release', code: 'already_exists', field: 'tag_name' }]);
        const made: ServedRelease = {
          id: ++lastId,
          tag_name,
          name: given.name ?? '',
          body: given.body ?? '',
          draft,
          prerelease: given.prerelease ?? false,
          latest: false,
          assets: [],
        };
        served.releases.push(made);
        return { status: 201, data: show(made) };
      }
      case 'PATCH /releases/N': {
        if (release === undefined) return notFound;
        const given = JSON.parse(body.toString()) as Partial<ServedRelease> & { make_latest?: string };
        if (given.draft === false && release.draft) {
          if (!hasTag(release.tag_name))
            return invalid([
              { resource: 'Release', code: 'custom', message: 'Published releases must have a valid tag' },
            ]);
          if (served.releases.some((other) => !other.draft && other.tag_name === release.tag_name))
            return invalid([{ resource: 'Release', code: 'already_exists', field: 'tag_name' }]);
          release.draft = false;
          if (given.make_latest === 'true') {
            for (const other of served.releases) other.latest = false;
            release.latest = true;
          }
        }
        return { status: 200, data: show(release) };
      }
      case 'GET /releases/N/assets':
        return release === undefined ? notFound : { status: 200, data: release.assets };
      case 'POST /releases/N/assets': {
        if (release === undefined) return notFound;
        if (!release.draft)
          return { status: 422, data: { message: 'Cannot upload assets to an immutable release.' } };
        const name = url.searchParams.get('name') ?? '';
        if (release.assets.some((asset) => asset.name === name))
          return invalid([{ resource: 'ReleaseAsset', code: 'already_exists', field: 'name' }]);
        const digest = `sha256:${createHash('sha256').update(body).digest('hex')}`;
        const asset: ServedAsset = { id: ++lastId, name, size: body.length, state: 'uploaded', digest };
        release.assets.push(asset);
        served.content.set(asset.id, body);
        return { status: 201, data: asset };
      }
      case 'DELETE /releases/assets/N': {
        const owner = served.releases.find(({ assets }) => assets.some((asset) => asset.id === id));
        if (owner === undefined) return notFound;
        if (!owner.draft)
          return { status: 422, data: { message: 'Cannot delete asset of an immutable release.' } };
        owner.assets = owner.assets.filter((asset) => asset.id !== id);
        return { status: 204 };
      }
      default:
        return notFound;
    }
  }

  const { hasTag } = options;
  const show = (release: ServedRelease) => ({
    ...release,
    html_url: `https://github.com/${options.repository}/releases/tag/${release.tag_name}`,
    upload_url: '',
  });

  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return Object.assign(served, {
    api: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  });
}

const known = new Set([githubToken, githubAppToken].map((token) => `token ${token}`));

const notFound = { status: 404, data: { message: 'Not Found' } };

function invalid(errors: readonly object[]) {
  return { status: 422, data: { message: 'Validation Failed', errors } };
}

async function read(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function answer(response: ServerResponse, status: number, data?: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(data === undefined ? undefined : JSON.stringify(data));
}
