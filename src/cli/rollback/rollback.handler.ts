import { type BootSite, bringUp, onBootSite } from '../../app/boot.ts';
import { confirm } from '../../app/consent.ts';
import { warnOfLosses } from '../../app/losses.ts';
import { obtainImages } from '../../app/obtain-images.ts';
import type { BootOptions } from '../../app/request.ts';
import { openStack, withEngine } from '../../app/session.ts';
import { takeHome } from '../../app/take-home.ts';
import { exitStatus } from '../../core/errors.ts';
import { isEmpty } from '../../core/step.ts';
import { wrapText } from '../../core/wrap.ts';
import { pullByDigest } from '../../images/pull-by-digest.ts';
import type { Execution } from '../../platform/docker/execute.ts';
import { planUp } from '../../platform/docker/plan-up.ts';
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
    const { workspace, stack } = await openStack({ cli, request });
    const draft = await withEngine({
      cli,
      use: (_, connection) =>
        draftRollback({ cli, connection, workspace, ...workspace, set, stack, service, version }),
    });
    cli.result(rollbackAnswer({ draft, columns: cli.columns }));
    return exitStatus.done;
  }
  return onBootSite({
    cli,
    request,
    command: 'rollback',
    use: async (found) => {
      const draft = await draftRollback({ cli, ...found, service, version });
      const { stack, asMade } = draft;
      const site = await takeHome({
        cli,
        site: found,
        request: options,
        command: 'rollback',
        stack,
        asMade: () => asMade,
      });
      const endLive = await agree({ cli, draft, given: options.yes === true });
      const execution = await carryOutDraft({ cli, site, draft, endLive });
      cli.result(rollbackAnswer({ draft, execution, columns: cli.columns }));
      return exitStatus.done;
    },
  });
};

/** @returns ends what is live in a server that will be stopped */
async function agree(options: {
  cli: Cli;
  draft: RollbackDraft;
  given: boolean;
}): Promise<() => Promise<void>> {
  const { cli, draft, given } = options;
  if (isDone(draft)) return async () => {};
  cli.print(wrapText(printDraft(draft), cli.columns));
  const endLive = await warnOfLosses({ cli, ...draft });
  const { service, release } = draft;
  await confirm({
    cli,
    question: `Roll ${service} back to ${release.version}?`,
    flag: '--yes',
    given,
  });
  return endLive;
}

/** Brings all images before it touches a container, so that a registry that fails stops nothing that runs. */
async function carryOutDraft(options: {
  cli: Cli;
  site: BootSite;
  draft: RollbackDraft;
  endLive: () => Promise<void>;
}): Promise<Execution> {
  const { cli, site, draft, endLive } = options;
  const { stack, asMade } = draft;
  await bringImages({ cli, site, draft }).catch((error: unknown) => {
    throw interruptedRollback({ error, draft });
  });
  let touched = false;
  try {
    const beforeChange = async (): Promise<void> => {
      touched = true;
      if (!isEmpty(draft.plan)) await endLive();
    };
    const brought = await bringUp({ cli, site, stack, asMade: () => asMade, plan: planUp, beforeChange });
    return brought.execution;
  } catch (error) {
    const told = interruptedRollback({ error, draft });
    throw touched ? failedRollback({ error: told, draft }) : told;
  }
}

/** Of the release from the registry; of what the service needs and is not there, as a boot does. */
async function bringImages(options: { cli: Cli; site: BootSite; draft: RollbackDraft }): Promise<void> {
  const { cli, site, draft } = options;
  const { root, connection, manifests, imagesLock } = site;
  const { emit, signal, environment } = cli;
  await pullByDigest({ engineImages: connection.images, emit, signal, environment, images: draft.toPull });
  const needed = draft.stack.containers.filter(
    ({ role, service }) => service !== draft.service && !draft.asMade.has(role),
  );
  if (needed.length === 0) return;
  await obtainImages({
    cli,
    connection,
    stack: { ...draft.stack, containers: needed },
    root,
    workspace: manifests.workspace,
    lock: imagesLock,
    request: {},
    yes: false,
    partial: false,
  });
}
