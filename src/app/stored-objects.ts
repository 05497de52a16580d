import { kindOf, nameOf } from '../core/resource.ts';
import type { Plan } from '../core/step.ts';
import { formatBytes } from '../images/progress.ts';
import type { Platform } from '../platform/platform.ts';
import type { S3Probe } from '../providers/s3/probe.ts';
import { countObjects, type StoredObjects } from '../providers/s3/stored-objects.ts';
import type { ResolvedStack } from '../stack/model.ts';
import type { Context } from './context.ts';

const timeoutMilliseconds = 3_000;

/** Says what is in the buckets of a storage whose data a plan removes, for that is what people would miss. */
export async function warnOfStoredObjects(options: {
  cli: Context;
  plan: Plan;
  stack: ResolvedStack;
  reach: Platform['reach'];
}): Promise<void> {
  const { cli, plan, stack, reach } = options;
  const removed = new Set(
    plan.steps.flatMap(({ verb, on }) => (verb === 'remove' && kindOf(on) === 'volume' ? [nameOf(on)] : [])),
  );
  for (const { role, volumes, checks } of stack.containers) {
    if (!volumes.some(({ volume }) => removed.has(volume))) continue;
    for (const { probe } of checks) {
      if (probe.kind !== 's3') continue;
      const found = await countIn({ storage: probe, reach, signal: cli.signal });
      if (found === undefined || found.count === 0) continue;
      const message = `The bucket ${probe.bucket} of ${role} has ${describe(found)}: all of it is removed.`;
      cli.emit({ type: 'warning', problem: { code: 'stored-objects', message } });
    }
  }
}

/** Storage that cannot be reached is as one that does not answer. */
async function countIn(options: {
  storage: S3Probe;
  reach: Platform['reach'];
  signal: AbortSignal;
}): Promise<StoredObjects | undefined> {
  const { storage, reach } = options;
  const signal = AbortSignal.any([options.signal, AbortSignal.timeout(timeoutMilliseconds)]);
  const reached = await reach(storage.at, signal).catch(() => undefined);
  if (reached === undefined) return undefined;
  await using address = reached;
  return await countObjects({ storage, address, timeoutMilliseconds, signal });
}

function describe({ count, bytes, newest, more }: StoredObjects): string {
  const objects = `${more ? 'more than ' : ''}${count} ${count === 1 ? 'object' : 'objects'}`;
  const written =
    newest === undefined ? '' : `, the newest of ${newest.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  return `${objects} (${formatBytes(bytes)}${written})`;
}
