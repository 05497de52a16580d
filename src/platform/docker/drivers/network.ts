import type { Driver } from '../../../core/driver.ts';
import { nameOf } from '../../../core/resource.ts';
import { ownLabels } from '../container-spec.ts';
import type { Snapshot } from '../snapshot.ts';
import type { DockerRun } from './run.ts';

type Network = Snapshot['networks'][number];

/** The network that the containers of a project share. arc uses a network that it did not create unchanged. */
export const networkDriver: Driver<undefined, Network, undefined, undefined, DockerRun> = {
  kind: 'network',
  decide: ({ address, wanted, seen }) => {
    const name = nameOf(address);
    if (wanted === undefined)
      return { kind: 'delete', cause: 'made by arc', event: `the network ${name} is removed` };
    if (seen === undefined)
      return { kind: 'create', cause: 'no existing network', event: `the network ${name} is created` };
    const { driver, project } = seen.state;
    if (project === undefined || driver === undefined || driver === usualDriver) return { kind: 'keep' };
    return {
      kind: 'replace',
      cause: `its driver is ${driver}, not ${usualDriver}`,
      event: `the network ${name} is recreated`,
      changes: [{ path: 'driver', before: driver, after: usualDriver }],
    };
  },
  steps: ({ decision }) => {
    switch (decision.kind) {
      case 'create':
        return [{ verb: 'create', stage: 'make', cause: decision.cause, work: undefined }];
      case 'delete':
        return [{ verb: 'remove', stage: 'remove', cause: decision.cause, work: undefined }];
      case 'replace':
        return [
          { verb: 'remove', stage: 'remove', cause: decision.cause, work: undefined },
          { verb: 'create', stage: 'make', cause: decision.cause, work: undefined },
        ];
      default:
        return [];
    }
  },
  apply: async ({ step, at: { engine, project, owner } }) => {
    const name = nameOf(step.on);
    if (step.verb === 'remove') await engine.removeNetwork({ name });
    else await engine.createNetwork({ name, labels: ownLabels({ project, owner }) });
    return 'done';
  },
};

/** Docker's driver for a network on one machine, which arc uses. */
const usualDriver = 'bridge';
