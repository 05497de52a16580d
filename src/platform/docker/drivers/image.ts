import type { Driver } from '../../../core/driver.ts';
import { ArcError, exitStatus } from '../../../core/errors.ts';
import { nameOf } from '../../../core/resource.ts';
import type { DockerRun } from './run.ts';

/** An image that containers run. Whether it is right is for those to say who know how images are made. */
export type ImageWanted = {
  /** Why it has to be brought to the Engine; absent where it can be run as it is. */
  outdated?: string;
};

/** An image on the Engine: by its name, or without one, where a build has left it. */
export type ImageSeen = { named: string } | { unnamed: string; wrapper: string };

type ImageWork = { bring: string } | { remove: ImageSeen };

/**
 * Images come before everything else: nothing that runs is stopped before every image is there. How one is pulled or
 * built is not known here: the run is given somebody who does (`DockerRun.images`).
 */
export const imageDriver: Driver<ImageWanted, ImageSeen, undefined, ImageWork, DockerRun> = {
  kind: 'image',
  decide: ({ address, wanted, seen }) => {
    const name = nameOf(address);
    if (wanted === undefined) {
      const left = seen !== undefined && 'unnamed' in seen.state ? seen.state.wrapper : undefined;
      const cause = left === undefined ? 'image of the project' : `left by a build of ${left}`;
      return { kind: 'delete', cause, event: `the image ${name} is removed` };
    }
    const { outdated } = wanted.spec;
    if (outdated === undefined) return { kind: 'keep' };
    return seen === undefined
      ? { kind: 'create', cause: outdated, event: `the image ${name} is new` }
      : { kind: 'change', cause: outdated, event: `the image ${name} changes` };
  },
  steps: ({ address, seen, decision }) => {
    const bring = { bring: nameOf(address) };
    switch (decision.kind) {
      case 'create':
        return [{ verb: 'create', stage: 'prepare', cause: decision.cause, work: bring }];
      case 'change':
        return [{ verb: 'change', stage: 'prepare', cause: decision.cause, work: bring }];
      case 'delete':
        return seen === undefined
          ? []
          : [{ verb: 'remove', stage: 'remove', cause: decision.cause, work: { remove: seen.state } }];
      default:
        return [];
    }
  },
  apply: async ({ step: { work }, at: { engine, images } }) => {
    if ('bring' in work) {
      const problem = await images.bring(work.bring);
      if (problem === 'interrupted') return 'left';
      if (problem !== undefined) throw new ArcError({ problem, status: exitStatus.failed });
    } else if ('named' in work.remove) await engine.removeImage({ reference: work.remove.named });
    else await engine.removeUnnamedImage({ id: work.remove.unnamed });
    return 'done';
  },
};
