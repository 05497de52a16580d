import type { RunningStep, StepNews } from '../core/report-step.ts';
import type { EngineImages, EngineLogin } from '../platform/docker/engine-images.ts';
import { type EngineMessage, engineReason } from '../platform/docker/engine-stream.ts';
import { type FoundLogin, findLogin } from '../registry/credentials.ts';
import { formatReference, parseReference } from '../registry/reference.ts';
import type { RegistryCheck } from './registry-check.ts';

/** The Engine reports several times a second while bytes arrive; it retries lost connections in silence. */
const idleMilliseconds = 60_000;

/**
 * Pulls one image with Docker's login for its registry.
 *
 * @throws Error with one line that says why it cannot be had from there
 */
export async function pullImage(options: {
  engineImages: EngineImages;
  reference: string;
  check: RegistryCheck;
  environment: Readonly<Record<string, string | undefined>>;
  update: RunningStep['update'];
  signal: AbortSignal;
}): Promise<void> {
  const { engineImages, signal, update } = options;
  const reference = parseReference(options.reference);
  const reach = await options.check(reference.registry);
  if (!reach.reachable) throw new Error(`cannot be reached (${reach.reason})`);
  const found = await findLogin({ registry: reference.registry, environment: options.environment });
  const layers = pullProgress();
  try {
    await engineImages.pull({
      reference: formatReference(reference),
      login: engineLogin(found, reference.registry),
      idleMilliseconds,
      signal,
      onMessage: (message) => update(layers(message)),
    });
  } catch (cause) {
    signal.throwIfAborted();
    const login =
      found.note ?? (found.login ? "with the login from Docker's configuration" : 'without a login');
    throw new Error(`${engineReason(cause)} (${login})`, { cause });
  }
}

/** A login in the form that the Engine takes. */
export function engineLogin({ login }: FoundLogin, serveraddress: string): EngineLogin | undefined {
  if (!login) return undefined;
  return login.kind === 'token'
    ? { identitytoken: login.token.reveal(), serveraddress }
    : { username: login.username, password: login.password.reveal(), serveraddress };
}

/** Sums the messages about single layers of a pull. */
export function pullProgress(): (message: EngineMessage) => StepNews {
  return layerProgress('Downloading', ['Pull complete', 'Already exists']);
}

/**
 * Sums the messages about single layers: the bytes while some layers move, then the layers, which the Engine still has
 * to unpack.
 *
 * @param moving status of a layer whose bytes move
 * @param complete statuses of a layer that is where it belongs
 */
export function layerProgress(
  moving: string,
  complete: readonly string[],
): (message: EngineMessage) => StepNews {
  const layers = new Map<string, { current: number; total: number; done: boolean }>();
  return ({ id, status = '', progressDetail }) => {
    const isLayer = id !== undefined && /^[0-9a-f]{12}$/.test(id);
    if (!isLayer) return { output: status };
    const before = layers.get(id) ?? { current: 0, total: 0, done: false };
    const done = complete.includes(status);
    const bytes = status === moving ? progressDetail : undefined;
    const total = bytes?.total ?? before.total;
    const current = done || status === 'Download complete' ? total : before.current;
    layers.set(id, { current: bytes?.current ?? current, total, done });
    const all = [...layers.values()];
    const moved = all.reduce((sum, layer) => sum + layer.current, 0);
    const toMove = all.reduce((sum, layer) => sum + layer.total, 0);
    if (moved < toMove) return { progress: { done: moved, total: toMove, unit: 'bytes' } };
    const count = all.filter((layer) => layer.done).length;
    return { progress: { done: count, total: all.length, unit: 'layers' } };
  };
}
