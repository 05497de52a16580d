import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openRegistryClient, type RegistryClient } from '../../src/registry/client.ts';
import { digestOf } from '../../src/registry/digest.ts';
import {
  type Descriptor,
  mediaTypes,
  type RegistryRetry,
  type Repository,
} from '../../src/registry/model.ts';

/** A client with a configuration of Docker's of its own, and what it tried again. */
export type TestClient = { client: RegistryClient; retries: RegistryRetry[]; interrupt: () => void };

/** @param options.auths the logins in Docker's configuration: by registry, `name:password` or an identity token */
export function testClient(options: {
  folder: string;
  logins?: Readonly<Record<string, string | { identityToken: string }>>;
}): TestClient {
  const { folder, logins = {} } = options;
  mkdirSync(folder, { recursive: true });
  const auths = Object.fromEntries(
    Object.entries(logins).map(([registry, login]) => [
      registry,
      typeof login === 'string'
        ? { auth: Buffer.from(login).toString('base64') }
        : { identitytoken: login.identityToken },
    ]),
  );
  writeFileSync(join(folder, 'config.json'), JSON.stringify({ auths }));
  const controller = new AbortController();
  const retries: RegistryRetry[] = [];
  const client = openRegistryClient({
    environment: { ...process.env, DOCKER_CONFIG: folder },
    signal: controller.signal,
    onRetry: (retry) => retries.push(retry),
  });
  return { client, retries, interrupt: () => controller.abort(new Error('interrupted')) };
}

/** Puts a manifest of an image with labels into a registry; nobody is meant to run it. */
export async function pushManifest(options: {
  client: RegistryClient;
  repo: Repository;
  architecture: string;
  variant?: string;
  labels?: Readonly<Record<string, string>>;
}): Promise<Descriptor> {
  const { client, repo, architecture, variant, labels = {} } = options;
  const platform = { os: 'linux', architecture, ...(variant === undefined ? {} : { variant }) };
  const config = {
    ...platform,
    created: '2026-11-21T12:00:00Z',
    config: { Labels: labels },
    rootfs: { type: 'layers', diff_ids: [] },
  };
  const kept = await client.putBlob(repo, Buffer.from(JSON.stringify(config)));
  const bytes = Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: mediaTypes.manifest,
      config: { mediaType: 'application/vnd.oci.image.config.v1+json', ...kept },
      layers: [],
    }),
  );
  const { digest } = await client.putManifest(repo, {
    reference: digestOf(bytes),
    mediaType: mediaTypes.manifest,
    bytes,
  });
  return { mediaType: mediaTypes.manifest, digest, size: bytes.length, platform };
}

/** Puts an index under a tag. */
export async function pushIndex(options: {
  client: RegistryClient;
  repo: Repository;
  tag: string;
  manifests: readonly Descriptor[];
}): Promise<Descriptor> {
  const { client, repo, tag, manifests } = options;
  const bytes = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType: mediaTypes.index, manifests }));
  const { digest } = await client.putManifest(repo, { reference: tag, mediaType: mediaTypes.index, bytes });
  return { mediaType: mediaTypes.index, digest, size: bytes.length };
}
