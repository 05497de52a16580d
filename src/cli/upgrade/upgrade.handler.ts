import type { BootOptions } from '../../app/request.ts';
import { upgrade, upgradeSteps } from '../../app/upgrade/upgrade.ts';
import { exitStatus } from '../../core/errors.ts';
import type { Handler } from '../cli.ts';
import { showPlan } from '../show-plan.ts';

type UpgradeOptions = Omit<BootOptions, 'selection' | 'without'> & { service: string; dryRun?: boolean };

/** Moves data to the version that its program reads now. */
export const upgradeService: Handler<UpgradeOptions> = async (options, cli) => {
  const { service, dryRun = false, ...request } = options;
  const upgraded = await upgrade({
    context: cli,
    service,
    request: { ...request, selection: [], without: [] },
    dryRun,
    show: showPlan(cli),
  });
  switch (upgraded.kind) {
    case 'current': {
      const { container, version = null } = upgraded;
      cli.result({
        data: { upgraded: false, version },
        text: () =>
          version === null
            ? `${container} has no data yet, so there is nothing to upgrade.`
            : `The data of ${container} is of version ${version}, so there is nothing to upgrade.`,
      });
      return exitStatus.done;
    }
    case 'planned': {
      const { from, to, kept } = upgraded.upgrade;
      const steps = upgradeSteps(upgraded.upgrade);
      cli.result({
        data: { upgraded: false, from, to, kept, steps },
        text: () => steps.map((step, at) => `${at + 1}. ${step}`).join('\n'),
      });
      return exitStatus.done;
    }
    case 'done': {
      const { from, to, kept, container } = upgraded.upgrade;
      const { backup } = upgraded;
      cli.result({
        data: { upgraded: true, from, to, kept, backup: backup.name },
        text: () =>
          `Moved the data of ${container.name} from version ${from} to ${to}. The old data is in the volume ${kept}; once you no longer need it: docker volume rm ${kept}`,
      });
      return exitStatus.done;
    }
    default:
      return upgraded satisfies never;
  }
};
