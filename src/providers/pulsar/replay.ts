import { eachWithin } from '../../core/each-within.ts';
import { inOrder } from '../../core/in-order.ts';
import type { ArrivedMessage, MessageServer, Replaying } from '../messages.ts';
import { call, callMilliseconds, openPulsar, type PulsarServer } from './client.ts';
import { explainRefusals } from './failure.ts';
import { inParallel } from './in-parallel.ts';
import { nameIn } from './names.ts';
import { partitionUrl } from './partition.ts';
import { encodeMessageId, isAfter, isAtEnd, type Position } from './protocol/message-id.ts';
import { openReader, type ReadMessage } from './reader.ts';
import { topicUrls } from './tail.ts';
import { partitionsOf } from './topics.ts';

/** Shows what topics keep, each of their partitions from its oldest message to its newest of now. */
export function replayPulsar(given: MessageServer & Replaying): Promise<void> {
  const { signal, since, onMessage } = given;
  const server = openPulsar(given);
  return explainRefusals({ server, doing: 'read the kept messages' }, async () => {
    const parts = (await inParallel(topicUrls(given), (url) => partsOf({ server, url, signal }))).flat();
    const ranges = await inParallel(parts, async (part) => ({
      ...part,
      range: await rangeOf({ server, topic: part.topic, since, signal }),
    }));
    await inOrder<ArrivedMessage>({
      sources: ranges.flatMap(({ url, topic, range }) =>
        range === undefined
          ? []
          : [(offer) => readPart({ server, url, topic, since, ...range, signal, onMessage: offer })],
      ),
      rank: ({ time }) => time ?? '',
      take: onMessage,
    });
  });
}

/** A topic without partitions, or one partition. */
type Part = { url: string; topic: string };

async function partsOf(options: {
  server: PulsarServer;
  url: string;
  signal: AbortSignal;
}): Promise<readonly Part[]> {
  const { server, url, signal } = options;
  const partitions = await partitionsOf({ server, name: nameIn(url), signal });
  if (partitions === 0) return [{ url, topic: nameIn(url) }];
  return Array.from({ length: partitions }, (_, at) => ({ url, topic: nameIn(partitionUrl(url, at)) }));
}

/** From where a reader starts, and the last message of now; undefined if there is none to read. */
async function rangeOf(options: {
  server: PulsarServer;
  topic: string;
  since: Date | undefined;
  signal: AbortSignal;
}): Promise<{ from: string; last: Position } | undefined> {
  const { server, topic, since, signal } = options;
  const ask = (path: string): Promise<unknown> =>
    call({ server, method: 'GET', path: `persistent/${topic}/${path}`, signal });
  const last = lastIn((await ask('internalStats')) as Ledgers);
  if (last === undefined) return undefined;
  if (since === undefined) return { from: 'earliest', last };
  const found = (await ask(`messageid/${since.getTime()}`)) as { ledgerId: number; entryId: number };
  const first = { ledger: BigInt(found.ledgerId), entry: BigInt(found.entryId) };
  if (isAfter(first, last)) return undefined;
  // A reader starts behind the message that it is given.
  return { from: encodeMessageId({ ...first, entry: first.entry - 1n }), last };
}

/** What a topic has on the disk. The newest ledger tells its entries only once it is closed. */
export type Ledgers = {
  currentLedgerEntries: number;
  ledgers: readonly { ledgerId: number; entries: number }[];
};

/** The last message that is there; what the broker took last may have been deleted. Pure. */
export function lastIn({ ledgers, currentLedgerEntries }: Ledgers): Position | undefined {
  const counted = ledgers.map(({ ledgerId, entries }, at) => ({
    ledger: BigInt(ledgerId),
    entries: at === ledgers.length - 1 && entries === 0 ? currentLedgerEntries : entries,
  }));
  const last = counted.findLast(({ entries }) => entries > 0);
  return last && { ledger: last.ledger, entry: BigInt(last.entries - 1) };
}

async function readPart(options: {
  server: PulsarServer;
  url: string;
  topic: string;
  since: Date | undefined;
  from: string;
  last: Position;
  signal: AbortSignal;
  onMessage: (message: ArrivedMessage) => Promise<void>;
}): Promise<void> {
  const { server, url, topic, since, from, last, signal, onMessage } = options;
  using reader = await openReader({ server, topic, url, from, signal });
  const late = (): Error => new Error(`${topic} keeps more, and none came for ${callMilliseconds / 1000} s`);
  const source = reader.messages();
  const each = eachWithin<ReadMessage>({ source, milliseconds: callMilliseconds, late, signal });
  for await (const { id, message, done } of each) {
    // The first entry may be a batch that began earlier.
    if (since === undefined || (message.time ?? '') >= since.toISOString()) await onMessage(message);
    if (isAtEnd(id, last)) return;
    done();
  }
}
