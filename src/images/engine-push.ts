import type Docker from 'dockerode';
import { failed } from '../core/errors.ts';
import type { EventSink } from '../core/event.ts';
import { findLogin } from '../registry/credentials.ts';
import { unauthorized } from '../registry/problems.ts';
import { parseReference, type Reference, repositoryName } from '../registry/reference.ts';
import { type EngineMessage, engineReason, followEngine, isMissing } from './engine-stream.ts';
import { startProgress } from './progress.ts';
import { engineLogin, layerProgress } from './pull.ts';
import { type EngineImage, enginePlatform } from './push-loss.ts';
import { isRefusal } from './refusal.ts';

/** The Engine reports several times a second while bytes move; it retries lost connections in silence. */
const idleMilliseconds = 60_000;

type Options = { docker: Docker; role: string; emit: EventSink; signal: AbortSignal };

/**
 * Looks at an image that is to be pushed.
 *
 * @param options.remedy the command that makes it
 * @throws ArcError (exit status 1) `image-missing`
 */
export async function readEngineImage(options: {
  docker: Docker;
  reference: string;
  remedy: string;
}): Promise<EngineImage> {
  const { docker, reference, remedy } = options;
  try {
    const image = await docker.getImage(reference).inspect();
    return { id: image.Id, platform: enginePlatform(image) };
  } catch (cause) {
    // Each Engine has words of its own for pushing what it does not have.
    throw isMissing(cause) ? imageMissing(reference, remedy) : cause;
  }
}

/**
 * Gives an image of the Engine another tag.
 *
 * @param options.reference an image of the Engine
 * @param options.remedy the command that makes it
 * @throws ArcError (exit status 1) `image-missing`
 */
export async function tagOnEngine(options: {
  docker: Docker;
  reference: string;
  tag: string;
  remedy: string;
}): Promise<{ reference: string }> {
  const { docker, reference, tag, remedy } = options;
  const repo = repositoryName(parseReference(reference));
  try {
    await docker.getImage(reference).tag({ repo, tag });
  } catch (cause) {
    throw isMissing(cause) ? imageMissing(reference, remedy) : cause;
  }
  return { reference: `${repo}:${tag}` };
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
  const { docker, role, reference, signal } = options;
  const parsed = parseReference(reference);
  const found = await findLogin({ registry: parsed.registry, environment: options.environment });
  const progress = startProgress({
    emit: options.emit,
    id: `push:${reference}`,
    subject: role,
    action: `push ${reference}`,
  });
  const layers = layerProgress('Pushing', ['Pushed', 'Layer already exists']);
  let digest: string | undefined;
  try {
    await followEngine({
      start: (abortSignal) =>
        docker.getImage(repositoryName(parsed)).push({
          tag: parsed.tag,
          // Without a login Engines before 28 want an empty one.
          authconfig: engineLogin(found, parsed.registry) ?? {},
          abortSignal,
        }),
      idleMilliseconds,
      signal,
      onMessage: (message) => {
        digest = pushedDigest(message) ?? digest;
        progress.update(layers(message));
      },
    });
  } catch (cause) {
    signal.throwIfAborted();
    const reason = engineReason(cause);
    progress.failed(reason);
    throw pushFailed({ parsed, reference, found, reason, cause });
  }
  progress.done(digest);
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
      suggestion: 'look at the registry; the same command goes on with what is there already',
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
