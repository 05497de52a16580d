import { pack } from 'tar-stream';
import { ArcError, exitStatus } from '../core/errors.ts';
import { type StepNews, startStep } from '../core/report-step.ts';
import { engineReason } from '../platform/docker/engine-stream.ts';
import { formatReference, parseReference } from '../registry/reference.ts';
import type { BaseReady } from './base-model.ts';
import type { ImagesContext } from './context.ts';
import { type ImageReady, type ImageRequest, imageLabels } from './model.ts';
import { readAll } from './tar-entry.ts';
import { madeFrom, wrapperInputs } from './wrapper-state.ts';

/** As many of a failed build's last lines as are shown. */
const tailLines = 10;

/** A wrapper, and the beginnings of the ids of all images that its build has named. */
export type BuiltWrapper = { ready: ImageReady; made: readonly string[] };

/**
 * Builds a wrapper from its Dockerfile and a base on the Engine, with the Engine's own builder.
 *
 * @param options.labels what is said of this build beside what it is built from
 * @throws ArcError (exit status 1) `image-build-failed` with the build's last lines
 */
export async function buildWrapper(
  options: Pick<ImagesContext, 'engineImages' | 'emit' | 'signal'> & {
    request: ImageRequest;
    base: BaseReady;
    labels: Readonly<Record<string, string>>;
  },
): Promise<BuiltWrapper> {
  const { engineImages, signal, request, base } = options;
  const { reference } = request.image;
  const step = startStep({
    emit: options.emit,
    id: `image:${reference}`,
    verb: 'build',
    on: `image/${reference}`,
    role: request.role,
  });
  const tail: string[] = [];
  const made: string[] = [];
  const labels = labelLine({ ...wrapperLabels(request, base), ...options.labels });
  const context = await buildContext(`${withWrapperLabel(request)}\n${labels}\n`);
  try {
    await engineImages.build({
      name: reference,
      context,
      args: { BASE_IMAGE: base.name },
      idleMilliseconds: 120_000,
      signal,
      onMessage: ({ stream = '' }) => {
        if (stream.trim() === '') return;
        const id = /^ ---> ([0-9a-f]+)\n$/.exec(stream)?.[1];
        if (id !== undefined) made.push(`sha256:${id}`);
        tail.push(stream.trim());
        if (tail.length > tailLines) tail.shift();
        const news = buildStep(stream);
        if (news !== undefined) step.update(news);
      },
    });
    const image = await engineImages.inspect(reference);
    if (image === undefined) throw new Error('the Engine does not have it after the build');
    step.done({ base: base.name });
    const ready: ImageReady = {
      role: request.role,
      reference,
      imageId: image.id,
      base: {
        reference: baseName(request),
        source: base.source,
        ...(base.digest ? { digest: base.digest } : {}),
      },
      madeFrom: madeFrom(wrapperLabels(request, base)) ?? image.id,
      built: true,
    };
    return { ready, made };
  } catch (cause) {
    step.failed(new Error(engineReason(cause)), 'image-build-failed');
    signal.throwIfAborted();
    throw buildFailed({ reference, tail, cause });
  }
}

/** The instruction that the Engine begins; undefined if the message is a different one. */
export function buildStep(stream: string): StepNews | undefined {
  const match = /^Step (\d+)\/(\d+) : (.*)/.exec(stream);
  if (match === null) return undefined;
  const [, step, steps, instruction = ''] = match;
  return {
    progress: { done: Number(step) - 1, total: Number(steps), unit: 'steps' },
    output: instruction.trimEnd(),
  };
}

function buildFailed(options: { reference: string; tail: readonly string[]; cause: unknown }): ArcError {
  return new ArcError({
    problem: {
      code: 'image-build-failed',
      message: `The image ${options.reference} could not be built: ${engineReason(options.cause)}.`,
      detail: options.tail,
      suggestion: "its Dockerfile is in the service's folder; `arc generate` writes it from the manifest",
    },
    status: exitStatus.failed,
    cause: options.cause,
  });
}

function baseName({ image }: ImageRequest): string {
  return formatReference(parseReference(image.upstream));
}

function wrapperLabels(request: ImageRequest, base: BaseReady): Record<string, string> {
  return {
    [imageLabels.inputs]: wrapperInputs(request),
    [imageLabels.baseSource]: base.source,
    [imageLabels.baseId]: base.id,
    [imageLabels.baseName]: baseName(request),
    ...(base.digest ? { [imageLabels.baseDigest]: base.digest } : {}),
    ...(base.recipe ? { [imageLabels.recipe]: base.recipe } : {}),
  };
}

/**
 * The Dockerfile with a label at the start of each stage, so that everything that the Engine keeps of an interrupted
 * build identifies its owner. A label of the build itself would only be on the last image.
 */
export function withWrapperLabel({ dockerfile, image }: Pick<ImageRequest, 'dockerfile' | 'image'>): string {
  const label = labelLine({ [imageLabels.wrapper]: image.reference });
  return dockerfile.trimEnd().replace(/^FROM .*$/gm, (from) => `${from}\n${label}`);
}

/**
 * The labels as one instruction: as arguments of the build, each would be a separate layer, and cost time. No value
 * contains characters that are special in a Dockerfile.
 */
function labelLine(labels: Readonly<Record<string, string>>): string {
  const words = Object.entries(labels).map(([name, value]) => `${name}="${value}"`);
  return `LABEL ${words.join(' ')}`;
}

/** The build's whole context: a wrapper takes nothing from the service's folder. */
async function buildContext(dockerfile: string): Promise<Buffer> {
  const archive = pack();
  archive.entry({ name: 'Dockerfile', mtime: new Date(0) }, dockerfile);
  archive.finalize();
  return await readAll(archive as AsyncIterable<Uint8Array>);
}
