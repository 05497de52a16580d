import type { Driver } from '../../../core/driver.ts';
import type { DockerRun } from './run.ts';

/** An image that is to go: by its name, or without one, where a build has left it. */
export type ImageSeen = { named: string } | { unnamed: string; wrapper: string };

/** Images that a plan removes. */
export const imageDriver: Driver<undefined, ImageSeen, undefined, ImageSeen, DockerRun> = {
  kind: 'image',
  decide: ({ address, seen }) => {
    const cause =
      seen !== undefined && 'unnamed' in seen.state
        ? `left by a build of ${seen.state.wrapper}`
        : 'image of the project';
    return { kind: 'delete', cause, event: `${address} is removed` };
  },
  steps: ({ seen, decision }) =>
    decision.kind === 'delete' && seen !== undefined
      ? [{ verb: 'remove', stage: 'remove', cause: decision.cause, work: seen.state }]
      : [],
  apply: async ({ step: { work }, at: { engine } }) => {
    if ('named' in work) await engine.removeImage({ reference: work.named });
    else await engine.removeUnnamedImage({ id: work.unnamed });
    return 'done';
  },
};
