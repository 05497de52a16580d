import type { Driver } from '../../../core/driver.ts';
import { nameOf } from '../../../core/resource.ts';
import type { DockerRun } from './run.ts';

/** A file that containers mount. The caller compares it with the disk. */
export type FileWanted = { state: 'unchanged' | 'created' | 'changed' | 'line-ends' | 'left' };

/**
 * Config files. arc writes them before it creates the containers that mount them. A file that is `left` was rendered from
 * a template that is gone: a program that reads the whole folder would go on reading it.
 */
export const configDriver: Driver<FileWanted, undefined, undefined, undefined, DockerRun> = {
  kind: 'config',
  decide: ({ address, wanted }) => {
    const name = nameOf(address);
    switch (wanted?.spec.state) {
      case 'created':
        return { kind: 'create', cause: 'no existing file', event: `${name} is written` };
      case 'changed':
        return { kind: 'change', cause: 'out of date', event: `${name} is written` };
      case 'line-ends':
        return { kind: 'change', cause: 'it has Windows line endings', event: `${name} is written` };
      case 'left':
        return { kind: 'delete', cause: 'its template is gone', event: `${name} is removed` };
      default:
        return { kind: 'keep' };
    }
  },
  steps: ({ decision }) => {
    switch (decision.kind) {
      case 'create':
      case 'change':
        return [{ verb: decision.kind, stage: 'make', cause: decision.cause, work: undefined }];
      case 'delete':
        // Like a write: readers of the folder wait for it.
        return [{ verb: 'remove', stage: 'make', cause: decision.cause, work: undefined }];
      default:
        return [];
    }
  },
  apply: async ({ step, at: { files } }) => {
    const path = nameOf(step.on);
    await (step.verb === 'remove' ? files.remove(path) : files.write(path));
    return 'done';
  },
};

/** A certificate that is new, or the authority that vouches for it. */
export type CertificateWanted = { cause: string };

/** Certificates are written before the config files that hold them, so that the next run finds the same ones. */
export const certificateDriver: Driver<CertificateWanted, undefined, undefined, undefined, DockerRun> = {
  kind: 'certificate',
  decide: ({ address, wanted }) =>
    wanted === undefined
      ? { kind: 'keep' }
      : { kind: 'create', cause: wanted.spec.cause, event: `${nameOf(address)} is new` },
  steps: ({ decision }) =>
    decision.kind === 'create'
      ? [{ verb: 'create', stage: 'make', cause: decision.cause, work: undefined }]
      : [],
  apply: async ({ step, at: { files } }) => {
    await files.keep(nameOf(step.on));
    return 'done';
  },
};

/** Makes sure that the user of a container may read a mounted file. */
export type RightsWanted = { cause: string };

/** The mode of a file that a container could not read, most often because it was cloned with a umask of 077. */
export const rightsDriver: Driver<RightsWanted, undefined, undefined, undefined, DockerRun> = {
  kind: 'rights',
  decide: ({ address, wanted }) =>
    wanted === undefined
      ? { kind: 'keep' }
      : { kind: 'change', cause: wanted.spec.cause, event: `${nameOf(address)} can be read` },
  steps: ({ decision }) =>
    decision.kind === 'change'
      ? [{ verb: 'change', stage: 'make', cause: decision.cause, work: undefined }]
      : [],
  apply: async ({ step, at: { files } }) => {
    await files.open(nameOf(step.on));
    return 'done';
  },
};
