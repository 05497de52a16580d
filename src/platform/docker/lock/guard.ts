import type { Engine } from '../engine.ts';
import type { ProjectLock } from './lock.ts';

/** Calls that change nothing. Every other one is guarded, or this does not compile. */
type Look =
  | 'listContainers'
  | 'listNetworks'
  | 'listVolumes'
  | 'findImages'
  | 'usesSelinux'
  | 'inspectContainer'
  | 'containerUsage'
  | 'listOwners'
  | 'readStart'
  | 'imageLabels'
  | 'tailLogs'
  | 'watchContainers';

/**
 * The Engine for the holder of a project's lock: the lock is confirmed before each call that changes something. A
 * machine that wakes up after another arc took over changes nothing.
 */
export function guardEngine(options: { engine: Engine; lock: Pick<ProjectLock, 'confirm'> }): Engine {
  const { engine, lock } = options;
  const guarded =
    <Options>(change: (given: Options) => Promise<void>) =>
    async (given: Options): Promise<void> => {
      await lock.confirm();
      return change(given);
    };
  const changes: Pick<Engine, Exclude<keyof Engine, Look>> = {
    createNetwork: guarded(engine.createNetwork),
    removeNetwork: guarded(engine.removeNetwork),
    createVolume: guarded(engine.createVolume),
    removeVolume: guarded(engine.removeVolume),
    createContainer: guarded(engine.createContainer),
    startContainer: guarded(engine.startContainer),
    unpauseContainer: guarded(engine.unpauseContainer),
    stopContainer: guarded(engine.stopContainer),
    signalContainer: guarded(engine.signalContainer),
    removeContainer: guarded(engine.removeContainer),
    removeImage: guarded(engine.removeImage),
    removeUnnamedImage: guarded(engine.removeUnnamedImage),
  };
  return { ...engine, ...changes };
}
