import { startStep } from '../core/report-step.ts';
import { digestOf } from '../platform/docker/observed-images.ts';
import { mirrored, parseReference, repositoryName } from '../registry/reference.ts';
import type { BaseReady, BaseRequest, BaseTools } from './base-model.ts';
import { pinnedReference } from './lock/pinned.ts';
import { pullImage } from './pull.ts';

/**
 * Pulls a base from its registry or mirror: by digest if it is locked, else by name.
 *
 * @throws Error with one line that says why it cannot be had from the registry
 */
export async function pullBase(options: { tools: BaseTools; request: BaseRequest }): Promise<BaseReady> {
  const { tools, request } = options;
  const { upstream, locked } = request;
  const { mirrors } = tools;
  const name = mirrored(upstream, mirrors);
  const reference =
    locked === undefined ? name : pinnedReference({ reference: upstream, digest: locked, mirrors });
  const step = startStep({
    emit: tools.emit,
    id: `pull:${name}`,
    verb: 'pull',
    on: `image/${name}`,
    role: request.role,
  });
  try {
    await pullImage({ ...tools, reference, update: step.update });
    const observed = await tools.engineImages.observe([reference, name]);
    const image = observed(reference);
    if (!image) throw new Error('the Engine does not have it after the pull');
    const digest = locked ?? digestOf(image, reference);
    if (locked !== undefined && !observed(name)) await nameImage({ tools, reference, name });
    step.done({ ...(digest && { digest }) });
    return { name: reference, id: image.id, source: 'registry', ...(digest ? { digest } : {}) };
  } catch (cause) {
    step.failed(cause, 'image-not-pulled');
    throw cause;
  }
}

/**
 * An image that was pulled by digest has no name. It gets the name that it was locked under, unless another image has
 * it: archives and people find images by name.
 */
async function nameImage(options: { tools: BaseTools; reference: string; name: string }): Promise<void> {
  const parsed = parseReference(options.name);
  if (parsed.tag === undefined) return;
  const { reference } = options;
  const other = { repository: repositoryName(parsed), tag: parsed.tag };
  await options.tools.engineImages.tag({ reference, ...other });
}
