import { describe, prove, scan, sign, tagImage, verify } from './perform-image.ts';
import { draft, publish, tagCommit, upload } from './perform-publish.ts';
import type { Performed, SingleAction } from './step.ts';
import type { ReleaseProgress, ReleaseWork } from './work.ts';

/**
 * Carries out one step. Each looks at what is there before it makes anything, so that one that was interrupted can be
 * done again.
 *
 * @throws ArcError of whatever the step talks to
 */
export async function perform(options: {
  work: ReleaseWork;
  progress: ReleaseProgress;
  action: SingleAction;
}): Promise<Performed> {
  const { action, ...rest } = options;
  switch (action.kind) {
    case 'scan':
      return await scan({ ...rest, action });
    case 'sbom':
      return await describe({ ...rest, action });
    case 'provenance':
      return await prove({ ...rest, action });
    case 'sign':
      return await sign({ ...rest, action });
    case 'tag':
      return await tagImage({ ...rest, action });
    case 'verify':
      return await verify({ ...rest, action });
    case 'git-tag':
      return await tagCommit({ ...rest, action });
    case 'draft':
      return await draft(rest);
    case 'asset':
      return await upload({ ...rest, action });
    case 'publish':
      return await publish(rest);
    default:
      return action satisfies never;
  }
}
