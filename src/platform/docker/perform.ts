import type { EventSink } from '../../core/event.ts';
import type { ResolvedContainer } from '../../stack/model.ts';
import type { Owner } from '../../stack/owner.ts';
import { containerSpec, ownLabels } from './container-spec.ts';
import { refuseNewerData } from './data-check.ts';
import { refuseForeignData } from './data-rights.ts';
import type { Engine } from './engine.ts';
import type { Operation } from './operation.ts';

/** An operation that is a call to the Engine, not a wait. */
export type EngineCall = Exclude<Operation, { kind: 'await-healthy' | 'await-completed' }>;

/**
 * Makes the one call to the Engine that an operation stands for.
 * @throws ArcError
 */
export function perform(options: {
  operation: EngineCall;
  engine: Engine;
  project: string;
  root: string;
  owner: Owner;
  emit: EventSink;
}): Promise<void> {
  const { operation, engine, project, root, owner, emit } = options;
  switch (operation.kind) {
    case 'create-network':
      return engine.createNetwork({ name: operation.network, labels: ownLabels({ project, owner }) });
    case 'remove-network':
      return engine.removeNetwork({ name: operation.network });
    case 'create-volume':
      return engine.createVolume({
        name: operation.volume,
        labels: ownLabels({ project, owner, role: operation.role }),
      });
    case 'remove-volume':
      return engine.removeVolume({ name: operation.volume });
    case 'create-container': {
      const { container, hash, network, booted, selinux } = operation;
      const spec = containerSpec({ container, hash, booted, project, network, root, owner, selinux });
      return engine
        .createContainer({ name: container.name, spec })
        .then(() => (operation.hasData ? lookAtData({ engine, container, emit }) : undefined));
    }
    case 'start-container':
      return engine.startContainer({ name: operation.name });
    case 'unpause-container':
      return engine.unpauseContainer({ id: operation.containerId, name: operation.name });
    case 'stop-container': {
      const { containerId: id, name, graceSeconds } = operation;
      return engine.stopContainer({ id, name, graceSeconds });
    }
    case 'remove-container':
      return engine.removeContainer({ id: operation.containerId, name: operation.name });
    case 'remove-image':
      return engine.removeImage({ reference: operation.reference });
    case 'remove-unnamed-image':
      return engine.removeUnnamedImage({ id: operation.imageId });
    default:
      return operation satisfies never;
  }
}

/** Once a container is made, its data can be looked at: before it is started, which it could only fail at. */
async function lookAtData(options: {
  engine: Engine;
  container: ResolvedContainer;
  emit: EventSink;
}): Promise<void> {
  await refuseForeignData(options);
  for (const problem of await refuseNewerData(options)) options.emit({ type: 'warning', problem });
}
