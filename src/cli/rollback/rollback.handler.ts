import { apply, takeHome, tell } from '../../app/boot.ts';
import { type BootSite, onBootSite } from '../../app/boot-site.ts';
import { bringImages } from '../../app/bring-images.ts';
import { confirm } from '../../app/consent.ts';
import { warnOfLosses } from '../../app/losses.ts';
import type { BootOptions } from '../../app/request.ts';
import { openPlace } from '../../app/session.ts';
import { exitStatus } from '../../core/errors.ts';
import { wrapText } from '../../core/wrap.ts';
import type { Execution } from '../../platform/docker/execute.ts';
import { dockerReach } from '../../platform/docker/reach.ts';
import type { Cli, Handler } from '../cli.ts';
import { rollbackAnswer } from './answer.ts';
import { draftRollback, isDone, printDraft, type RollbackDraft } from './draft.ts';
import { failedRollback, interruptedRollback } from './failure.ts';

type RollbackOptions = Pick<BootOptions, 'without' | 'set' | 'yes' | 'timeout' | 'takeOver'> & {
  service: string;
  version?: string;
  dryRun?: boolean;
};

/** Replaces the containers of a service by those of a release. What it needs, and all data, stay as they are. */
export const rollback: Handler<RollbackOptions> = async (options, cli) => {
  const { service, version, without, set, timeout } = options;
  // A rollback is of what runs, so there is nothing to install for it.
  // What is released is of the upstream flavour.
  const request = { selection: [service], without, set, timeout, flavour: ['upstream'] };
  if (options.dryRun) {
    const draft = await openPlace({
      context: cli,
      request,
      use: (place) => draftRollback({ cli, place, service, version }),
    });
    tell({ context: cli, seen: draft.seen, told: new Set() });
    cli.result(rollbackAnswer({ draft, columns: cli.columns }));
    return exitStatus.done;
  }
  return onBootSite({
    cli,
    request,
    command: 'rollback',
    use: async (found) => {
      const draft = await draftRollback({ cli, place: found, service, version });
      const { seen } = draft;
      tell({ context: cli, seen, told: new Set() });
      const home = await takeHome({
        ...{ context: cli, site: found, request: options, seen },
        command: 'rollback',
      });
      const endLive = await agree({ cli, site: found, draft, given: options.yes === true });
      const execution = await carryOutDraft({ cli, site: { ...found, home }, draft, endLive });
      cli.result(rollbackAnswer({ draft, execution, columns: cli.columns }));
      return exitStatus.done;
    },
  });
};

/** @returns ends what is live in a server that will be stopped */
async function agree(options: {
  cli: Cli;
  site: BootSite;
  draft: RollbackDraft;
  given: boolean;
}): Promise<() => Promise<void>> {
  const { cli, site, draft, given } = options;
  if (isDone(draft)) return async () => {};
  cli.print(wrapText(printDraft(draft), cli.columns));
  const { connection } = site;
  const { plan, stack, snapshot } = draft.seen;
  const { engine } = connection;
  const reach = dockerReach({ engine, connection, stack, observed: snapshot.containers });
  const endLive = await warnOfLosses({ cli, plan, stack, reach });
  const { service, release } = draft;
  await confirm({
    cli,
    question: `Roll ${service} back to ${release.version}?`,
    flag: '--yes',
    given,
  });
  return endLive;
}

/** All images are brought before a container is touched, so that a registry that fails stops nothing that runs. */
async function carryOutDraft(options: {
  cli: Cli;
  site: BootSite;
  draft: RollbackDraft;
  endLive: () => Promise<void>;
}): Promise<Execution> {
  const { cli: context, site, draft, endLive } = options;
  const { seen } = draft;
  let touched = false;
  const beforeChange = async (): Promise<void> => {
    touched = true;
    if (!isDone(draft)) await endLive();
  };
  try {
    const images = bringImages({ context, place: site, request: {}, seen });
    return await apply({ context, site, seen, images, beforeChange });
  } catch (error) {
    const told = interruptedRollback({ error, draft });
    throw touched ? failedRollback({ error: told, draft }) : told;
  }
}
