import type { ResolvedContainer } from '../../stack/model.ts';
import { changedParts } from './hash.ts';
import type { ContainerHash } from './operation.ts';
import type { ObservedContainer } from './snapshot.ts';

/** What has to happen to one container, and why. */
export type Decision =
  | { kind: 'create'; cause: string }
  | { kind: 'recreate' | 'restart' | 'start' | 'unpause'; cause: string; existing: ObservedContainer }
  /** It runs as it should; what is left is to see that it is healthy, or to wait for its end. */
  | { kind: 'keep'; cause: string; existing: ObservedContainer }
  /** A job that has done its work. */
  | { kind: 'skip' };

/**
 * Compares one container as it should be with the one that exists. Pure; the order of the rules is their rank.
 *
 * @param options.hash of the container as it should be
 * @param options.asMade it is left as it was made, even where it should be another
 * @param options.force what the user asked for of this container, whatever its state
 * @param options.newVolume a volume of a container that this one depends on, if it is made in the same plan
 */
export function decide(options: {
  container: ResolvedContainer;
  existing: ObservedContainer | undefined;
  hash: ContainerHash;
  network: string;
  asMade: boolean;
  force?: 'recreate' | 'restart';
  newVolume?: string;
}): Decision {
  const { container, existing, hash, network, asMade, force } = options;
  if (!existing) return { kind: 'create', cause: 'no existing container' };
  const recreate = (cause: string): Decision => ({ kind: 'recreate', cause, existing });
  if (existing.state === 'removing') return recreate('the existing one is being removed');
  if (existing.state === 'dead') return recreate('the existing one is dead');
  if (!asMade && existing.hash !== hash.whole) return recreate(driftCause(existing, hash));
  if (!existing.networks.includes(network)) return recreate(`not on the network ${network}`);
  if (force === 'recreate') return recreate('asked for');
  return container.kind === 'job' ? decideJob({ ...options, existing }) : decideService({ existing, force });
}

function decideService(options: { existing: ObservedContainer; force: 'restart' | undefined }): Decision {
  const { existing, force } = options;
  switch (existing.state) {
    case 'running':
    case 'restarting':
      return force
        ? { kind: 'restart', cause: 'asked for', existing }
        : { kind: 'keep', cause: existing.state, existing };
    default:
      return decideStopped({ existing, cause: lastRun(existing) });
  }
}

function decideJob(options: {
  existing: ObservedContainer;
  force?: 'recreate' | 'restart';
  newVolume?: string;
}): Decision {
  const { existing, force, newVolume } = options;
  switch (existing.state) {
    case 'running':
    case 'restarting':
      return { kind: 'keep', cause: existing.state, existing };
    case 'exited': {
      if (existing.exitCode !== 0) return decideStopped({ existing, cause: lastRun(existing) });
      // Its work was done on data that is gone.
      if (newVolume) return decideStopped({ existing, cause: `the volume ${newVolume} is new` });
      return force ? decideStopped({ existing, cause: 'asked for' }) : { kind: 'skip' };
    }
    default:
      return decideStopped({ existing, cause: lastRun(existing) });
  }
}

function decideStopped(options: { existing: ObservedContainer; cause: string }): Decision {
  const { existing, cause } = options;
  return { kind: existing.state === 'paused' ? 'unpause' : 'start', cause, existing };
}

/** `exited with 137`, `created, never started`, `paused`. */
export function lastRun({ state, exitCode }: ObservedContainer): string {
  if (state === 'created') return 'created, never started';
  return state === 'exited' && exitCode !== undefined ? `exited with ${exitCode}` : state;
}

function driftCause(existing: ObservedContainer, hash: ContainerHash): string {
  const changed = changedParts({ before: existing, after: hash });
  if (changed === undefined) return 'made by another version of arc';
  return changed.length > 0 ? `config changed: ${changed.join(', ')}` : 'config changed';
}
