import { formatBytes } from '../core/bytes.ts';
import { buildLayer } from './base-cache.ts';
import type { BaseReady, BaseRequest, BaseTools, LocalBase } from './base-model.ts';
import { loadBase } from './load-base.ts';
import { startProgress } from './progress.ts';
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
  const progress = startProgress({
    emit: tools.emit,
    id: `base:${local.name}`,
    subject: request.role,
    action: `${options.layer ? 'load' : 'build'} base ${local.name}`,
  });
  const because = options.because === undefined ? '' : `; ${options.because}`;
  progress.update(`on this machine${because}`);
  try {
    const layer =
      options.layer ?? (await buildLayer({ ...tools, ...local, rebuild, update: progress.update }));
    progress.update(`loading ${formatBytes(layer.bytes)} into the Engine`);
    const id = await loadBase({ ...tools, ...local, layer, upstream: request.upstream });
    progress.done(`from its recipe on this machine${because}`);
    return { name: local.name, id, source: 'local', recipe: local.hash };
  } catch (cause) {
    progress.failed(cause instanceof Error ? cause.message : String(cause));
    throw cause;
  }
}
