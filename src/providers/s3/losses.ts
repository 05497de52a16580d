import { textField } from '../../core/data.ts';
import { explain } from '../../core/probes/ask.ts';
import type { LossQuestion, ServerLoss, ServerProbe } from '../provider.ts';
import { bucketAt } from './bucket.ts';
import { countObjects, type StoredObjects } from './stored-objects.ts';
import { storedText } from './stored-text.ts';

/** For one bucket, reaching the storage included. */
const timeoutMilliseconds = 3_000;

/** Objects in the buckets of a storage whose data is removed. A bucket that cannot be counted may hold any number. */
export async function objectsLost(question: LossQuestion): Promise<readonly ServerLoss[]> {
  const { server, removes } = question;
  if (!removes.has(server.role)) return [];
  const byBucket = new Map(server.probes.map((probe) => [textField(probe.fields, 'bucket'), probe]));
  const texts = await Promise.all(
    [...byBucket].map(([name, probe]) =>
      lookInto({ question, probe }).then(
        (found) => (found === undefined || found.count === 0 ? undefined : describe(found, name)),
        (cause: unknown) => `an unknown number of objects in ${name} (${explain(cause)})`,
      ),
    ),
  );
  return texts.flatMap((text) => (text === undefined ? [] : [{ role: server.role, kind: 'data', text }]));
}

async function lookInto(options: {
  question: LossQuestion;
  probe: ServerProbe;
}): Promise<StoredObjects | undefined> {
  const { question, probe } = options;
  const signal = AbortSignal.any([question.signal, AbortSignal.timeout(timeoutMilliseconds)]);
  await using address = await question.reach(probe.at, signal);
  return await countObjects({ bucket: bucketAt({ fields: probe.fields, address }), signal });
}

/** `12 objects, 4 MB in recordings, the newest of 2026-11-30 02:00 UTC`. */
function describe(found: StoredObjects, bucket: string): string {
  const { newest } = found;
  const written =
    newest === undefined ? '' : `, the newest of ${newest.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  return `${storedText(found)} in ${bucket}${written}`;
}
