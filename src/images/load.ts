import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Transform } from 'node:stream';
import { failed, invalid } from '../core/errors.ts';
import { type RunningStep, startStep } from '../core/report-step.ts';
import { engineReason } from '../platform/docker/engine-stream.ts';
import { type ArchivedImage, readArchiveManifest } from './archive-manifest.ts';
import type { ImagesContext } from './context.ts';

/** The result of loading. */
export type LoadedArchive = {
  /** Names that the Engine has now. */
  references: readonly string[];
  /** The archive's description of itself; undefined if `docker save` wrote it. */
  images?: readonly ArchivedImage[];
};

/**
 * Loads an archive of `arc images save` or `docker save` into the Engine.
 *
 * @throws ArcError (exit status 2) `archive-unreadable`, `archive-architecture`; (1) `archive-not-loaded`
 */
export async function loadImages(
  options: Pick<ImagesContext, 'engineImages' | 'emit' | 'signal'> & { file: string },
): Promise<LoadedArchive> {
  const { engineImages, file, signal } = options;
  const { manifest, bytes } = await open(file);
  const { architecture } = engineImages;
  if (manifest && manifest.architecture !== architecture) {
    throw invalid({
      code: 'archive-architecture',
      message: `The images in ${file} are for ${manifest.architecture}, and the Engine runs on ${architecture}.`,
      suggestion: 'save them on a machine with the same processor architecture',
    });
  }
  const step = startStep({ emit: options.emit, id: `load:${file}`, verb: 'load', on: `archive/${file}` });
  const references: string[] = [];
  try {
    await engineImages.load({
      archive: () => metered({ file, bytes, update: step.update }),
      idleMilliseconds: 300_000,
      signal,
      onMessage: ({ stream = '' }) => {
        const name = /^Loaded image: (.+)$/m.exec(stream)?.[1];
        if (name) references.push(name.trim());
      },
    });
  } catch (cause) {
    step.failed(new Error(engineReason(cause)), 'archive-not-loaded');
    signal.throwIfAborted();
    throw failed(
      { code: 'archive-not-loaded', message: `The Engine did not load ${file}: ${engineReason(cause)}.` },
      cause,
    );
  }
  step.done({ bytes });
  return { references, ...(manifest ? { images: manifest.images } : {}) };
}

async function open(file: string) {
  try {
    return { manifest: await readArchiveManifest(file), bytes: (await stat(file)).size };
  } catch (cause) {
    throw invalid(
      {
        code: 'archive-unreadable',
        message: `${file} is not an archive of images: ${cause instanceof Error ? cause.message : cause}.`,
        suggestion: 'write one with `arc images save --output FILE`',
      },
      cause,
    );
  }
}

function metered(options: { file: string; bytes: number; update: RunningStep['update'] }) {
  let sent = 0;
  const meter = new Transform({
    transform: (chunk: Buffer, _encoding, next) => {
      sent += chunk.length;
      options.update({ progress: { done: sent, total: options.bytes, unit: 'bytes' } });
      next(null, chunk);
    },
  });
  const source = createReadStream(options.file, { highWaterMark: 1 << 20 });
  source.on('error', (cause) => meter.destroy(cause));
  return source.pipe(meter);
}
