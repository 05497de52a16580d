import { failed } from '../core/errors.ts';
import type { EventSink } from '../core/event.ts';
import { startStep } from '../core/report-step.ts';
import type { EngineImages } from '../platform/docker/engine-images.ts';
import { type EngineMessage, engineReason } from '../platform/docker/engine-stream.ts';
import { findLogin } from '../registry/credentials.ts';
import { platformName } from '../registry/parse-manifest.ts';
import { unauthorized } from '../registry/problems.ts';
import { parseReference, type Reference, repositoryName } from '../registry/reference.ts';
import { engineLogin, layerProgress } from './pull.ts';
import type { EngineImage } from './push-loss.ts';
import { isRefusal } from './refusal.ts';

/** The Engine reports several times a second while bytes move; it retries lost connections in silence. */
const idleMilliseconds = 60_000;

type Options = { engineImages: EngineImages; role: string; emit: EventSink; signal: AbortSignal };

/**
 * Inspects an image before its push.
 *
 * @param options.remedy the command that makes it
 * @throws ArcError (exit status 1) `image-missing`
 */
export async function readEngineImage(options: {
  engineImages: EngineImages;
  reference: string;
  remedy: string;
}): Promise<EngineImage> {
  const { engineImages, reference, remedy } = options;
  const image = await engineImages.inspect(reference);
  // Engines word the refusal to push a missing image differently.
  if (image === undefined) throw imageMissing(reference, remedy);
  return { id: image.id, platform: platformName(image) };
}

/**
 * Gives an image of the Engine another tag.
 *
 * @param options.reference an image of the Engine
 * @param options.remedy the command that makes it
 * @throws ArcError (exit status 1) `image-missing`
 */
export async function tagOnEngine(options: {
  engineImages: EngineImages;
  reference: string;
  tag: string;
  remedy: string;
}): Promise<{ reference: string }> {
  const { engineImages, reference, tag, remedy } = options;
  const repository = repositoryName(parseReference(reference));
  if (!(await engineImages.tag({ reference, repository, tag }))) throw imageMissing(reference, remedy);
  return { reference: `${repository}:${tag}` };
}

/**
 * Pushes an image that the Engine has, with the login that Docker has for its registry.
 *
 * @throws ArcError (exit status 4) `registry-unauthorized`, (1) `image-push-failed`
 */
export async function pushFromEngine(
  options: Options & {
    reference: string;
    environment: Readonly<Record<string, string | undefined>>;
  },
): Promise<{ reference: string; digest: string | undefined }> {
  const { engineImages, role, reference, signal } = options;
  const parsed = parseReference(reference);
  const found = await findLogin({ registry: parsed.registry, environment: options.environment });
  const step = startStep({
    emit: options.emit,
    id: `push:${reference}`,
    verb: 'push',
    on: `image/${reference}`,
    role,
  });
  const layers = layerProgress('Pushing', ['Pushed', 'Layer already exists']);
  let digest: string | undefined;
  try {
    await engineImages.push({
      repository: repositoryName(parsed),
      tag: parsed.tag,
      login: engineLogin(found, parsed.registry),
      idleMilliseconds,
      signal,
      onMessage: (message) => {
        digest = pushedDigest(message) ?? digest;
        step.update(layers(message));
      },
    });
  } catch (cause) {
    signal.throwIfAborted();
    const reason = engineReason(cause);
    step.failed(new Error(reason), 'image-push-failed');
    throw pushFailed({ parsed, reference, found, reason, cause });
  }
  step.done({ ...(digest && { digest }) });
  return { reference, digest };
}

/**
 * The digest that a push reports: `v0.1.0: digest: sha256:… size: 528`. Every Engine has this line; with containerd's
 * image store it sends nothing else that names the digest (moby, daemon/containerd/image_push.go).
 */
export function pushedDigest({ status = '' }: EngineMessage): string | undefined {
  return /\bdigest: (sha256:[0-9a-f]{64})\b/.exec(status)?.[1];
}

function pushFailed(options: {
  parsed: Reference;
  reference: string;
  found: Awaited<ReturnType<typeof findLogin>>;
  reason: string;
  cause: unknown;
}) {
  const { parsed, reference, found, reason, cause } = options;
  if (isRefusal(reason)) return unauthorized({ repo: parsed, permission: 'push', found, words: [reason] });
  return failed(
    {
      code: 'image-push-failed',
      message: `${reference} could not be pushed: ${reason.replace(/\.$/, '')}.`,
      suggestion: 'check the registry, then run the same command again: it keeps what was pushed',
    },
    cause,
  );
}

function imageMissing(reference: string, remedy: string) {
  return failed({
    code: 'image-missing',
    message: `The Engine has no ${reference}.`,
    suggestion: remedy,
  });
}
