import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { failed, invalid, type Problem } from '../core/errors.ts';
import { type RunningStep, startStep } from '../core/report-step.ts';
import { engineReason } from '../platform/docker/engine-stream.ts';
import type { ObservedImage } from '../platform/docker/observed-images.ts';
import { type ArchivedImage, manifestEntry } from './archive-manifest.ts';
import type { ImagesContext } from './context.ts';
import { baseFromLabels } from './list.ts';
import { imageLabels } from './model.ts';

/** The result of saving. */
export type SavedArchive = { file: string; bytes: number; images: readonly ArchivedImage[] };

/**
 * Writes wrappers, and their bases if the Engine still has them under a name, into one archive that `docker load` can
 * also read. The file appears only once it is complete.
 *
 * @param options.images each wrapper, once for every container that runs it
 * @throws ArcError `image-missing` (exit status 2) if the Engine lacks one, `archive-unwritable` (1)
 */
export async function saveImages(
  options: Pick<ImagesContext, 'engineImages' | 'emit' | 'signal'> & {
    images: readonly { role: string; reference: string }[];
    file: string;
  },
): Promise<SavedArchive> {
  const { engineImages, file, signal } = options;
  const references = [...new Set(options.images.map(({ reference }) => reference))];
  const observed = await engineImages.observe(references);
  const found = references.map((reference) => ({ reference, image: observed(reference) }));
  const present = found.flatMap(({ reference, image }) => (image ? [{ reference, image }] : []));
  if (present.length < found.length) {
    throw missing(found.filter(({ image }) => !image).map(({ reference }) => reference));
  }
  const images = present.map(({ reference, image }) => describe({ ...options, reference, image }));
  const { architecture } = engineImages;
  const head = await manifestEntry({ version: 1, architecture, images });
  const names = [
    ...references,
    ...(await baseNames({ ...options, wrappers: present.map(({ image }) => image) })),
  ];
  const step = startStep({ emit: options.emit, id: `save:${file}`, verb: 'save', on: `archive/${file}` });
  const partial = `${file}.${process.pid}.partial`;
  try {
    const bytes = await write({ engineImages, names, head, partial, signal, update: step.update });
    await rename(partial, file);
    step.done({ bytes });
    return { file, bytes, images };
  } catch (cause) {
    step.failed(new Error(engineReason(cause)), 'archive-unwritable');
    await rm(partial, { force: true });
    signal.throwIfAborted();
    throw failed(
      {
        code: 'archive-unwritable',
        message: `The images could not be saved to ${file}: ${engineReason(cause)}.`,
        suggestion: 'check that the folder exists and that its disk has room',
      },
      cause,
    );
  }
}

function missing(references: readonly string[]) {
  return invalid({
    code: 'image-missing',
    message: `The Engine lacks ${references.length === 1 ? 'an image' : 'images'} that should be saved.`,
    detail: references,
    suggestion: 'run `arc images build` first',
  });
}

function describe(options: {
  images: readonly { role: string; reference: string }[];
  reference: string;
  image: ObservedImage;
}): ArchivedImage {
  const { reference, image } = options;
  const base = baseFromLabels(image.labels);
  const roles = options.images.filter((each) => each.reference === reference).map(({ role }) => role);
  return { roles, reference, id: image.id, ...(base ? { base } : {}) };
}

/**
 * Names of the images that wrappers were made from: they share their layers, so they cost next to nothing. A warning
 * says which base the Engine no longer has under a name, because the archive lacks it.
 */
async function baseNames(
  options: Pick<ImagesContext, 'engineImages' | 'emit'> & { wrappers: readonly ObservedImage[] },
): Promise<readonly string[]> {
  const { engineImages, emit, wrappers } = options;
  const bases = new Map(
    wrappers.flatMap(({ labels }) => {
      const id = labels[imageLabels.baseId];
      return id === undefined ? [] : [[id, labels[imageLabels.baseName] ?? id] as const];
    }),
  );
  const found = await Promise.all(
    [...bases].map(async ([id, upstream]) => ({
      upstream,
      name: (await engineImages.inspect(id))?.names[0],
    })),
  );
  const lost = found.flatMap(({ upstream, name }) => (name === undefined ? [upstream] : []));
  if (lost.length > 0) emit({ type: 'warning', problem: basesNotSaved(lost) });
  return found.flatMap(({ name }) => name ?? []);
}

function basesNotSaved(upstreams: readonly string[]): Problem {
  return {
    code: 'bases-not-saved',
    message: `The archive has no base for the images made from ${upstreams.join(', ')}: the Engine no longer has it under a name.`,
    suggestion:
      'the images run without it, but building them again on the other machine needs a network; to include it: `arc images build`, then save again',
  };
}

async function write(options: {
  engineImages: ImagesContext['engineImages'];
  names: readonly string[];
  head: Buffer;
  partial: string;
  signal: AbortSignal;
  update: RunningStep['update'];
}): Promise<number> {
  const archive = await options.engineImages.save(options);
  let bytes = options.head.length;
  const meter = new Transform({
    transform: (chunk: Buffer, _encoding, next) => {
      bytes += chunk.length;
      options.update({ progress: { done: bytes, unit: 'bytes' } });
      next(null, chunk);
    },
  });
  const target = createWriteStream(options.partial, { flush: true });
  target.write(options.head);
  await pipeline(archive, meter, target, { signal: options.signal });
  return bytes;
}
