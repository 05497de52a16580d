import { startStep } from '../core/report-step.ts';
import { buildLayer } from './base-cache.ts';
import type { BaseReady, BaseRequest, BaseTools, LocalBase } from './base-model.ts';
import { loadBase } from './load-base.ts';
import type { Layer } from './recipes/layer.ts';

/**
 * Puts a local base on the Engine: from the cache where `layer` is given, else built by its recipe.
 *
 * @param options.because why the base is not had another way; shown to people
 * @throws ArcError `missing-tool`, `recipe-step-failed`
 */
export async function makeLocalBase(options: {
  tools: BaseTools;
  request: BaseRequest;
  local: LocalBase;
  layer: Layer | undefined;
  because: string | undefined;
  rebuild: boolean;
}): Promise<BaseReady> {
  const { tools, request, local, rebuild } = options;
  const step = startStep({
    emit: tools.emit,
    id: `base:${local.name}`,
    verb: options.layer ? 'load' : 'build',
    on: `base/${local.name}`,
    role: request.role,
    ...(options.because !== undefined && { cause: options.because }),
  });
  try {
    const layer = options.layer ?? (await buildLayer({ ...tools, ...local, rebuild, update: step.update }));
    const id = await loadBase({ ...tools, ...local, layer, upstream: request.upstream });
    step.done({ bytes: layer.bytes });
    return { name: local.name, id, source: 'local', recipe: local.hash };
  } catch (cause) {
    step.failed(cause, 'recipe-step-failed');
    throw cause;
  }
}
