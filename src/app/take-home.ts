import { observe } from '../platform/docker/observe.ts';
import type { ResolvedStack } from '../stack/model.ts';
import { claimHome } from '../workspace/identity.ts';
import type { BootSite, StayAsMade } from './boot.ts';
import type { Context } from './context.ts';
import { consentToTakeOver, elsewhere, ofStack } from './other-workspace.ts';
import type { BootOptions } from './request.ts';

/**
 * Before images are brought, because a refusal should not take minutes: asks where the boot would replace what another
 * workspace has made, or write to its data, and writes down which workspace this is.
 */
export async function takeHome(options: {
  cli: Context;
  site: BootSite;
  request: Pick<BootOptions, 'takeOver'>;
  command: string;
  stack: ResolvedStack;
  asMade?: StayAsMade;
}): Promise<BootSite> {
  const { cli, site, request, command, stack } = options;
  const { root, manifests, home } = site;
  const { engine } = site.connection;
  const snapshot = await observe({ engine, project: stack.project, stack });
  const asMade = options.asMade?.({ stack, snapshot, manifests }) ?? new Set();
  const changed = stack.containers.filter(({ role }) => !asMade.has(role));
  const objects = ofStack({ stack: { containers: changed }, objects: elsewhere({ snapshot, home }) });
  await consentToTakeOver({
    cli,
    objects,
    home,
    command,
    does: 'replaces those containers with the files and secrets of this folder, and writes to their data',
    given: request.takeOver === true,
  });
  const takeOver = objects.filter(({ kind }) => kind === 'volume').map(({ owner }) => owner);
  return { ...site, home: claimHome({ root, home, takeOver }) };
}
