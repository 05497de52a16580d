import { createHash } from 'node:crypto';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { execa } from 'execa';
import { pack } from 'tar-stream';
import { goToolPath } from '../../scripts/build-go-tool.ts';
import { pypiToolPath } from '../../scripts/get-pypi-tool.ts';
import type { RegistryClient } from '../../src/registry/client.ts';
import { type RegistryImage, readImage } from '../../src/registry/image.ts';
import { mediaTypes, type Repository } from '../../src/registry/model.ts';

/** Labels of the image below, as the builder of a release gives them. */
export const tinyLabels = {
  'org.opencontainers.image.revision': '1a2b3c4d5e6f7a8b9c0d1a2b3c4d5e6f7a8b9c0d',
  'org.opencontainers.image.version': 'v0.1.0',
} as const;

/** What makes syft find one package: Alpine's name and its list of what is installed. */
const tinyFiles = {
  'etc/os-release': 'ID=alpine\nVERSION_ID=3.20.0\nNAME="Alpine Linux"\n',
  'lib/apk/db/installed':
    'P:busybox\nV:1.36.1-r28\nA:x86_64\nL:GPL-2.0-only\nT:Size optimized toolbox\no:busybox\n\n',
} as const;

/** Puts a small image for two platforms into a registry, by its digest. */
export async function pushTinyImage(options: {
  client: RegistryClient;
  repo: Repository;
}): Promise<RegistryImage> {
  const { client, repo } = options;
  const tar = await tinyLayer();
  const layer = {
    mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip',
    ...(await client.putBlob(repo, await promisify(gzip)(tar))),
  };
  const manifests = [];
  for (const architecture of ['amd64', 'arm64']) {
    const config = {
      architecture,
      os: 'linux',
      created: '2026-01-02T03:04:05Z',
      config: { Labels: tinyLabels },
      rootfs: { type: 'layers', diff_ids: [digestOf(tar)] },
    };
    const stored = await client.putBlob(repo, Buffer.from(JSON.stringify(config)));
    const manifest = await put(options, mediaTypes.manifest, {
      config: { mediaType: 'application/vnd.oci.image.config.v1+json', ...stored },
      layers: [layer],
    });
    manifests.push({ ...manifest, platform: { os: 'linux', architecture } });
  }
  const { digest } = await put(options, mediaTypes.index, { manifests });
  const image = await readImage({ client, repo, reference: digest });
  if (image === undefined) throw new Error('the image was not stored');
  return image;
}

async function put(
  { client, repo }: { client: RegistryClient; repo: Repository },
  mediaType: string,
  content: object,
) {
  const bytes = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType, ...content }));
  const digest = digestOf(bytes);
  await client.putManifest(repo, { reference: digest, mediaType, bytes });
  return { mediaType, digest, size: bytes.length };
}

async function tinyLayer(): Promise<Buffer> {
  const archive = pack();
  for (const [name, text] of Object.entries(tinyFiles)) archive.entry({ name, mtime: new Date(0) }, text);
  archive.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of archive) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function digestOf(bytes: Buffer): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

/** Folders for PATH: one tool each, so that a test can leave one out. */
export async function getSuppliers(folder: string): Promise<{ syft: string; cosign: string }> {
  const syft = pypiToolPath({ name: 'syft', environment: process.env });
  const cosign = goToolPath({ name: 'cosign', environment: process.env });
  return { syft: alone(folder, 'syft', syft), cosign: alone(folder, 'cosign', cosign) };
}

function alone(folder: string, name: string, program: string): string {
  const link = join(folder, name, name);
  mkdirSync(dirname(link), { recursive: true });
  symlinkSync(program, link);
  return dirname(link);
}

/** Makes a key pair with cosign: `<name>.key` and `<name>.pub`. */
export async function makeKey(options: {
  folder: string;
  name: string;
  password: string;
  cosign: string;
}): Promise<{ key: string; publicKey: string }> {
  const { folder, name, password, cosign } = options;
  await execa(join(cosign, 'cosign'), ['generate-key-pair', '--output-key-prefix', name], {
    cwd: folder,
    env: { COSIGN_PASSWORD: password },
  });
  return { key: join(folder, `${name}.key`), publicKey: join(folder, `${name}.pub`) };
}

/** A folder with Docker's configuration: logged in to each of these registries, with one name and password. */
export function dockerConfig(options: {
  folder: string;
  registries: readonly string[];
  login: string;
}): string {
  const { folder, registries, login } = options;
  const auth = Buffer.from(login).toString('base64');
  mkdirSync(folder, { recursive: true });
  const auths = Object.fromEntries(registries.map((registry) => [registry, { auth }]));
  writeFileSync(join(folder, 'config.json'), JSON.stringify({ auths }));
  return folder;
}
