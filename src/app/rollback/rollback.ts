import { ownFlavour } from '../../manifest/flavours.ts';
import type { Execution } from '../../platform/docker/execute.ts';
import { apply, takeHome } from '../boot.ts';
import { type BootSite, onBootSite } from '../boot-site.ts';
import { bringImages } from '../bring-images.ts';
import { confirm } from '../consent.ts';
import type { Context } from '../context.ts';
import type { BootOptions } from '../request.ts';
import { openPlace } from '../session.ts';
import { stackOnEngine } from '../stack-among.ts';
import { tell } from '../tell.ts';
import { draftRollback, isDone, type RollbackDraft } from './draft.ts';
import { failedRollback, interruptedRollback } from './failure.ts';

export type RollbackRequest = Pick<BootOptions, 'without' | 'set' | 'yes' | 'timeout' | 'takeOver'> & {
  service: string;
  /** As typed; the release before the one that runs where absent. */
  version?: string;
  dryRun?: boolean;
};

/** `execution` is absent if nothing was carried out, because only the plan was asked for. */
export type RolledBack = { draft: RollbackDraft; execution?: Execution };

/**
 * Replaces the containers of a service with those of a release. Keeps its dependencies and all data.
 *
 * @param options.show shows a draft that a person is asked about, with everything that its plan loses
 * @throws ArcError those of the draft, `needs-consent`, `declined`, and `rollback-failed` with the reasons
 */
export function rollback(options: {
  context: Context;
  request: RollbackRequest;
  show: (draft: RollbackDraft) => void;
}): Promise<RolledBack> {
  const { context, show } = options;
  const { service, version, without, set, timeout, dryRun, takeOver, yes } = options.request;
  // A rollback replaces what runs, so nothing has to be installed. Releases have the upstream flavour.
  const request = { selection: [service], without, set, timeout, flavour: [ownFlavour] };
  if (dryRun === true)
    return openPlace({
      context,
      request,
      use: async (opened) => {
        const containers = await opened.connection.engine.listContainers();
        const place = stackOnEngine({ site: opened, containers });
        const draft = await draftRollback({ context, place, service, version, containers });
        tell({ context, seen: draft.seen, told: new Set() });
        return { draft };
      },
    });
  const command = 'rollback';
  return onBootSite({
    context,
    request,
    command,
    use: async (site) => {
      const { containers } = site;
      const draft = await draftRollback({ context, place: site, service, version, containers });
      const { seen } = draft;
      tell({ context, seen, told: new Set() });
      const answer = takeOver === undefined ? {} : { takeOver };
      const home = await takeHome({ context, site, request: answer, seen, command });
      await agree({ context, draft, show, given: yes === true });
      return { draft, execution: await carryOutDraft({ context, site: { ...site, home }, draft }) };
    },
  });
}

async function agree(options: {
  context: Context;
  draft: RollbackDraft;
  show: (draft: RollbackDraft) => void;
  given: boolean;
}): Promise<void> {
  const { context, draft, show, given } = options;
  if (isDone(draft)) return;
  show(draft);
  const { service, release } = draft;
  const question = `Roll ${service} back to ${release.version}?`;
  await confirm({ context, question, flag: '--yes', given });
}

/** Pulls all images before touching a container, so that a failing registry stops nothing. */
async function carryOutDraft(options: {
  context: Context;
  site: BootSite;
  draft: RollbackDraft;
}): Promise<Execution> {
  const { context, site, draft } = options;
  const { seen } = draft;
  let touched = false;
  const beforeChange = async (): Promise<void> => {
    touched = true;
    await seen.endLive();
  };
  try {
    const images = bringImages({ context, place: site, request: {}, seen });
    return await apply({ context, site, seen, images, beforeChange });
  } catch (error) {
    const told = interruptedRollback({ error, draft });
    throw touched ? failedRollback({ error: told, draft }) : told;
  }
}
