import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import type { Readable } from 'node:stream';
import { pack } from 'tar-stream';
import type { EngineImages } from '../platform/docker/engine-images.ts';
import { formatReference, parseReference } from '../registry/reference.ts';
import { imageLabels } from './model.ts';
import type { FixedStep } from './recipes/fixed-step.ts';
import type { Layer } from './recipes/layer.ts';
import { describeStep } from './recipes/recipe.ts';
import { addEntry } from './tar-entry.ts';

/** Name that a local base is kept under on the Engine: `arc-base/redis:7.4-bookworm-3f2a9c01b2d4`. */
export function localBaseReference(upstream: string, hash: string): string {
  const { repository, tag = 'digest' } = parseReference(upstream);
  return `arc-base/${basename(repository)}:${tag.slice(0, 115)}-${hash.slice(0, 12)}`;
}

/**
 * Puts a layer on the Engine as a base image, in the form that `docker load` reads: unlike an import, the same layer
 * gets the same image id on every machine whose Engine stores images in the same way.
 *
 * @returns the image's id as this Engine has it: the digest of its config with a graph driver, of its manifest in
 *   containerd's image store
 */
export async function loadBase(options: {
  engineImages: EngineImages;
  layer: Layer;
  upstream: string;
  recipe: readonly FixedStep[];
  hash: string;
  architecture: string;
  signal: AbortSignal;
}): Promise<string> {
  const { engineImages, layer, signal } = options;
  const name = localBaseReference(options.upstream, options.hash);
  const config = JSON.stringify(imageConfig(options));
  const id = createHash('sha256').update(config).digest('hex');
  const layerName = `${layer.diffId.replace('sha256:', '')}/layer.tar`;
  const manifest = JSON.stringify([
    {
      Config: `${id}.json`,
      RepoTags: [name],
      Layers: [layerName],
    },
  ]);
  const archive = pack();
  const mtime = new Date(0);
  const text = (name: string, content: string) => {
    const bytes = Buffer.from(content);
    return addEntry({ archive, header: { name, size: bytes.length, mtime }, content: once(bytes) });
  };
  const filled = (async () => {
    await text('manifest.json', manifest);
    await text(`${id}.json`, config);
    const content = createReadStream(layer.file, { highWaterMark: 1 << 20 });
    await addEntry({ archive, header: { name: layerName, size: layer.bytes, mtime }, content });
    archive.finalize();
  })();
  await Promise.all([
    engineImages.load({
      archive: () => archive as unknown as Readable,
      idleMilliseconds: 120_000,
      signal,
      onMessage: () => {},
    }),
    filled,
  ]).catch((cause: Error) => {
    archive.destroy(cause);
    throw cause;
  });
  const image = await engineImages.inspect(name);
  if (image === undefined) throw new Error(`the Engine does not have ${name} after it was loaded`);
  return image.id;
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

/** See the image specification of Docker, version 1.2; the fixed times make it reproducible. */
function imageConfig(options: Parameters<typeof loadBase>[0]): unknown {
  const created = new Date(0).toISOString();
  const by = options.recipe.map(describeStep).join('; ');
  return {
    architecture: options.architecture,
    os: 'linux',
    created,
    config: {
      Env: ['PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'],
      Labels: {
        [imageLabels.baseSource]: 'local',
        [imageLabels.recipe]: options.hash,
        [imageLabels.baseName]: formatReference(parseReference(options.upstream)),
      },
    },
    rootfs: { type: 'layers', diff_ids: [options.layer.diffId] },
    history: [{ created, created_by: by, comment: 'arc' }],
  };
}
