import { textField } from '../../core/data.ts';
import { explain } from '../../core/probes/ask.ts';
import type { LossQuestion, ServerLoss, ServerProbe } from '../provider.ts';
import { bucketAt } from './bucket.ts';
import { countStored, isEmpty, type Stored } from './stored.ts';
import { storedText } from './stored-text.ts';

/** For one bucket, reaching the storage included. */
const timeoutMilliseconds = 3_000;

/** Objects and their versions in the buckets of a storage whose data is removed. A bucket that cannot be counted may hold any number. */
export async function objectsLost(question: LossQuestion): Promise<readonly ServerLoss[]> {
  const { server, removes } = question;
  if (!removes.has(server.role)) return [];
  const byBucket = new Map(server.probes.map((probe) => [textField(probe.fields, 'bucket'), probe]));
  const texts = await Promise.all(
    [...byBucket].map(([name, probe]) =>
      lookInto({ question, probe }).then(
        (found) => (found === undefined || isEmpty(found) ? undefined : describe(found, name)),
        (cause: unknown) => `an unknown number of objects in ${name} (${explain(cause)})`,
      ),
    ),
  );
  return texts.flatMap((text) => (text === undefined ? [] : [{ role: server.role, kind: 'data', text }]));
}

async function lookInto(options: {
  question: LossQuestion;
  probe: ServerProbe;
}): Promise<Stored | undefined> {
  const { question, probe } = options;
  const signal = AbortSignal.any([question.signal, AbortSignal.timeout(timeoutMilliseconds)]);
  await using address = await question.reach(probe.at, signal);
  const { client, url } = bucketAt({ fields: probe.fields, address });
  return await countStored({ client, url, signal });
}

/** `12 objects, 4 MB in recordings, the newest of 2026-11-30 02:00 UTC`. */
function describe(found: Stored, bucket: string): string {
  const { newest } = found;
  const written =
    newest === undefined ? '' : `, the newest of ${newest.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  return `${storedText(found)} in ${bucket}${written}`;
}
