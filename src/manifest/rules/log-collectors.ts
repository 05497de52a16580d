import type { Problem } from '../../core/errors.ts';
import { placeOf } from '../build/read.ts';
import type { Draft } from '../draft.ts';

/** More than one container that collects the logs of all others: the Engine sends a container's output to one place. */
export function checkLogCollectors(draft: Draft): readonly Problem[] {
  const [first, ...others] = draft.runnables.filter(
    (part) => part.kind !== 'job' && part.manifest.collects_logs !== undefined,
  );
  return others.map((part) => ({
    code: 'second-log-collector',
    message: `${part.manifest.name} collects the logs of all containers, and so does ${first?.manifest.name}.`,
    suggestion: 'keep `collects_logs` in one of the two; what takes it can pass the logs on',
    location: placeOf(part, 'collects_logs'),
  }));
}
