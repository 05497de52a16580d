import type { BaseReady, BaseRequest, BaseTools } from './base-model.ts';
import { digestOf, observeImages } from './observe-images.ts';
import { startProgress } from './progress.ts';
import { pullImage } from './pull.ts';

/**
 * Pulls a base.
 *
 * @throws Error with one line that says why it cannot be had from the registry
 */
export async function pullBase(options: {
  tools: BaseTools;
  request: BaseRequest;
  /** The upstream's name, its registry replaced by a mirror where there is one. */
  reference: string;
}): Promise<BaseReady> {
  const { tools, request, reference } = options;
  const progress = startProgress({
    emit: tools.emit,
    id: `pull:${reference}`,
    subject: request.role,
    action: `pull ${reference}`,
  });
  try {
    await pullImage({ ...tools, reference, update: progress.update });
    const image = (await observeImages(tools.docker, [reference]))(reference);
    if (!image) throw new Error('the Engine does not have it after the pull');
    const digest = digestOf(image, reference);
    progress.done(digest);
    return { name: reference, id: image.id, source: 'registry', ...(digest ? { digest } : {}) };
  } catch (cause) {
    progress.failed(cause instanceof Error ? cause.message : String(cause));
    throw cause;
  }
}
