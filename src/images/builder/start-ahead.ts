import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { homeFolder } from '../../host/home.ts';
import { type StartedBake, startBake } from './bake.ts';
import { findBuildx } from './buildx.ts';
import type { BuilderContext } from './model.ts';

/**
 * Starts buildx early with the likely builder. Meanwhile, openBuilder checks whether it fits. Until then, and until all
 * other checks are done, buildx waits without work.
 *
 * @returns undefined if it takes more to tell
 */
export function startAhead(
  options: Pick<BuilderContext, 'root' | 'environment' | 'signal'>,
): StartedBake | undefined {
  const program = findBuildx(options.environment);
  const name = likelyBuilder(options.environment);
  if (program === undefined || name === undefined) return undefined;
  return startBake({ ...options, builder: { program, name } });
}

/** The one that is named, or the only one that was ever made: those that come with the Engine are of no use. */
function likelyBuilder(environment: BuilderContext['environment']): string | undefined {
  if (environment.BUILDX_BUILDER) return environment.BUILDX_BUILDER;
  const docker = environment.DOCKER_CONFIG || join(homeFolder(environment), '.docker');
  const store = environment.BUILDX_CONFIG || join(docker, 'buildx');
  try {
    // Where buildx keeps what it knows of each builder (docker/buildx, store/store.go).
    const [name, ...others] = readdirSync(join(store, 'instances'));
    return others.length === 0 ? name : undefined;
  } catch {
    return undefined;
  }
}
