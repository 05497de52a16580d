import { addressOf, type Resource } from '../../src/core/resource.ts';
import { openPulsar } from '../../src/providers/pulsar/client.ts';
import { inParallel } from '../../src/providers/pulsar/in-parallel.ts';
import { topicDriver } from '../../src/providers/pulsar/topic/driver.ts';
import type { TopicSpec } from '../../src/providers/pulsar/topic/model.ts';
import { bounds } from './bounds.ts';
import type { BenchContext } from './context.ts';
import { type Contender, race } from './measure.ts';
import { type Row, ratioRow } from './report.ts';
import { benchProject } from './stack.ts';

const topics = 200;
const nameOf = (number: number): string => `health/checks/many-${number}`;
const server = openPulsar({ role: 'streaming', fields: {}, address: { host: '127.0.0.1', port: 8082 } });

/** Topics for `provision` of a manifest: each with a policy of its own, which is one more question. */
export function manyTopics(): string {
  const entries = Array.from({ length: topics }, (_, number) => nameOf(number));
  return entries.map((name) => `  - { kind: pulsar.topic, name: ${name}, ttl: 1h }\n`).join('');
}

/**
 * What arc does for 200 topics that are as they should be, against the same reads in a bare loop: the same questions
 * in the same number at a time, and their answers parsed.
 */
export async function benchReconcile({ context }: { context: BenchContext }): Promise<Row> {
  const wanted = Array.from({ length: topics }, (_, number) => wantedTopic(nameOf(number)));
  const paths = await questionsOf(() => reconcile(wanted));
  const contenders: readonly Contender[] = [
    { name: 'arc', turn: (lap) => lap('reads', () => reconcile(wanted)) },
    { name: 'a bare loop', turn: (lap) => lap('reads', () => readAll(paths)) },
  ];
  const result = await race({ ...context, contenders });
  const figure = 'Pulsar: 200 topics, nothing to do ÷ their reads';
  const [of, to] = [result('arc', 'reads'), result('a bare loop', 'reads')];
  return ratioRow({ figure, of, to, bound: bounds.contracts[figure] });
}

function wantedTopic(name: string): Resource<TopicSpec> {
  const spec: TopicSpec = { name, persistent: true, partitions: 0, policies: { ttl: 3_600 } };
  return { address: addressOf('topic', name), kind: 'topic', spec, needs: [] };
}

/** @throws where there is something to do */
async function reconcile(wanted: readonly Resource<TopicSpec>[]): Promise<void> {
  const driver = topicDriver(benchProject);
  const seen = await driver.observe({ at: server, wanted, signal: new AbortController().signal });
  for (const resource of wanted) {
    const { address } = resource;
    const decision = driver.decide({
      address,
      wanted: resource,
      seen: seen.get(address),
      decided: () => undefined,
    });
    if (decision.kind !== 'keep') throw new Error(`${address}: ${JSON.stringify(decision)}`);
  }
}

/** The addresses that a run asks, in order. */
async function questionsOf(work: () => Promise<void>): Promise<readonly string[]> {
  const real = globalThis.fetch;
  const asked: string[] = [];
  globalThis.fetch = (input, init) => {
    asked.push(String(input));
    return real(input, init);
  };
  try {
    await work();
  } finally {
    globalThis.fetch = real;
  }
  return asked;
}

async function readAll(addresses: readonly string[]): Promise<void> {
  await inParallel(addresses, async (address) => {
    const answer = await fetch(address, { headers: { accept: 'application/json' } });
    const text = await answer.text();
    return text === '' ? undefined : (JSON.parse(text) as unknown);
  });
}
