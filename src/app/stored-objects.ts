import { formatBytes } from '../images/progress.ts';
import type { Plan } from '../platform/docker/operation.ts';
import { countObjects, type StoredObjects } from '../providers/s3/stored-objects.ts';
import type { ResolvedStack } from '../stack/model.ts';
import type { Context } from './context.ts';

const timeoutMilliseconds = 3_000;

/** Says what is in the buckets of a storage whose data a plan removes, for that is what people would miss. */
export async function warnOfStoredObjects(options: {
  cli: Context;
  plan: Plan;
  stack: ResolvedStack;
}): Promise<void> {
  const { cli, plan, stack } = options;
  const removed = new Set(
    plan.operations.flatMap((operation) => (operation.kind === 'remove-volume' ? [operation.volume] : [])),
  );
  for (const { role, volumes, checks } of stack.containers) {
    if (!volumes.some(({ volume }) => removed.has(volume))) continue;
    for (const { probe } of checks) {
      if (probe.kind !== 's3') continue;
      const found = await countObjects({ storage: probe, timeoutMilliseconds, signal: cli.signal });
      if (found === undefined || found.count === 0) continue;
      const message = `The bucket ${probe.bucket} of ${role} has ${describe(found)}: all of it is removed.`;
      cli.emit({ type: 'warning', problem: { code: 'stored-objects', message } });
    }
  }
}

function describe({ count, bytes, newest, more }: StoredObjects): string {
  const objects = `${more ? 'more than ' : ''}${count} ${count === 1 ? 'object' : 'objects'}`;
  const written =
    newest === undefined ? '' : `, the newest of ${newest.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  return `${objects} (${formatBytes(bytes)}${written})`;
}
