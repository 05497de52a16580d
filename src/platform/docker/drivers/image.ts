import type { Driver } from '../../../core/driver.ts';
import { ArcError, exitStatus } from '../../../core/errors.ts';
import { nameOf } from '../../../core/resource.ts';
import type { DockerRun } from './run.ts';

/** An image that containers run. The caller decides whether it is up to date. */
export type ImageWanted = {
  /** Why arc must pull or build it; absent if the Engine has it. */
  outdated?: string;
};

/** An image on the Engine: a named one, or an unnamed leftover of a build. */
export type ImageSeen = { named: string } | { unnamed: string; wrapper: string };

type ImageWork = { bring: string } | { remove: ImageSeen };

/**
 * Images come before everything else: arc stops nothing before every image is on the Engine. This driver cannot pull
 * or build: the caller passes in the functions that do (`DockerRun.images`).
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
  steps: ({ address, wanted, seen, decision }) => {
    switch (decision.kind) {
      case 'create':
      case 'change': {
        const title = wanted?.owner;
        const work = { bring: nameOf(address) };
        const { kind: verb, cause } = decision;
        return [{ verb, stage: 'prepare', cause, ...(title && { title }), work }];
      }
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
