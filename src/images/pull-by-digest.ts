import { ArcError, exitStatus, type Problem } from '../core/errors.ts';
import { startStep } from '../core/report-step.ts';
import type { ImagesContext } from './context.ts';
import { mapLimited } from './limit.ts';
import { pullImage } from './pull.ts';
import { type RegistryCheck, registryCheck } from './registry-check.ts';

/** The Engine gets three layers of each at a time (its default), and all share one line. */
const pullsAtATime = 3;

type Wanted = { role: string; reference: string };
type Context = Pick<ImagesContext, 'engineImages' | 'emit' | 'signal' | 'environment'>;

/**
 * Pulls images that are named by digest, several at a time. A failure does not stop the others.
 *
 * @param options.images `role` is what a person sees
 * @throws ArcError (exit status 1) `image-not-pulled` for each that the registry or the Engine refuses
 */
export async function pullByDigest(options: Context & { images: readonly Wanted[] }): Promise<void> {
  const check = registryCheck(options);
  const outcomes = await mapLimited({
    items: options.images,
    limit: pullsAtATime,
    map: (wanted) => pull({ ...options, check, wanted }),
  });
  options.signal.throwIfAborted();
  const [first, ...rest] = outcomes.filter((problem) => problem !== undefined);
  if (first) throw new ArcError({ problem: [first, ...rest], status: exitStatus.failed });
}

async function pull(
  options: Context & { check: RegistryCheck; wanted: Wanted },
): Promise<Problem | undefined> {
  const { wanted, ...tools } = options;
  const { role, reference } = wanted;
  const step = startStep({
    emit: tools.emit,
    id: `pull:${reference}`,
    verb: 'pull',
    on: `image/${reference}`,
    role,
  });
  try {
    await pullImage({ ...tools, reference, update: step.update });
    const image = (await tools.engineImages.observe([reference]))(reference);
    if (!image) throw new Error('the Engine does not have it after the pull');
    step.done();
    return undefined;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    step.failed(cause, 'image-not-pulled');
    return {
      code: 'image-not-pulled',
      message: `The image ${reference} could not be pulled.`,
      detail: [reason],
      suggestion: 'run the same command again once the registry can be reached',
    };
  }
}
