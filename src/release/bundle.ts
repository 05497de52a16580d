import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { dump } from 'js-yaml';
import { pack } from 'tar-stream';
import type { RegistryImage } from '../registry/image.ts';
import type { ReleaseRequest } from './model.ts';
import { imageAt } from './names.ts';

/** A file of the workspace, by its path in it. */
export type BundledFile = { path: string; text: string };

/** The files that run a released service without arc. */
export type BundleContents = {
  request: Pick<ReleaseRequest, 'service' | 'version' | 'images'>;
  images: ReadonlyMap<string, RegistryImage>;
  /** The generated files of the service and of those that it needs. */
  files: readonly BundledFile[];
  /** Compose file of the service among them. */
  composeFile: string;
  network: string;
};

const pinsFile = 'pins.yaml';

/**
 * Files of the archive: those of the workspace unchanged, and a compose file that names the service's images by digest.
 */
export function bundleFiles(contents: BundleContents): readonly BundledFile[] {
  const { request, files, composeFile } = contents;
  return [
    { path: 'README.md', text: readme(contents) },
    {
      path: 'compose.yaml',
      text: `# ${request.service} ${request.version}. ${pinsFile} names its images by digest; see README.md.\n${dump({ include: [{ path: [composeFile, pinsFile] }] })}`,
    },
    { path: pinsFile, text: pins(contents) },
    ...files,
  ].toSorted((a, b) => (a.path < b.path ? -1 : 1));
}

/**
 * The archive. The same files give the same bytes: every file has the time of the commit and no owner.
 *
 * @param options.epochSeconds time of the commit
 */
export async function packBundle(options: {
  files: readonly BundledFile[];
  epochSeconds: number;
}): Promise<Buffer> {
  const archive = pack();
  const mtime = new Date(options.epochSeconds * 1000);
  for (const { path, text } of options.files) archive.entry({ name: path, mtime, mode: 0o644 }, text);
  archive.finalize();
  const chunks: Uint8Array[] = [];
  for await (const chunk of archive) chunks.push(chunk as Uint8Array);
  // zlib writes no time of its own into the header.
  return await promisify(gzip)(Buffer.concat(chunks), { level: 9 });
}

/** `!reset` takes away how the image is built (Compose 2.24); it is pulled. */
function pins({ request, images }: BundleContents): string {
  const services = request.images.flatMap((image) => {
    const found = images.get(image.role);
    if (found === undefined) return [];
    const { digest } = found;
    return [
      `  ${image.role}:`,
      `    image: ${imageAt(image, { tag: request.version, digest })}`,
      '    build: !reset null',
    ];
  });
  return `${['services:', ...services].join('\n')}\n`;
}

function readme({ request, network }: BundleContents): string {
  return `# ${request.service} ${request.version}

Runs this version with Docker Compose 2.24 or newer, its images pinned by digest:

    docker network create ${network}
    docker compose up --detach --wait

Secrets are those of development: replace them in the files below \`services/\` before anybody else can reach it.
`;
}
