import type { Applied, InsideDriver } from '../../../core/driver.ts';
import { type Address, addressOf, type Need, nameOf, type Seen } from '../../../core/resource.ts';
import type { PulsarServer } from '../client.ts';
import { appliedPolicies, comparePolicies } from '../decide.ts';
import { explainRefusals } from '../failure.ts';
import { inParallel } from '../in-parallel.ts';
import { namespaceOf } from '../names.ts';
import { ownNamespaces } from '../own-namespaces.ts';
import { type FoundTopic, heldIn, statsOf, topicsOf } from '../topics.ts';
import { type TopicStep, type TopicWork, topicDecider } from './decide.ts';
import { type TopicSpec, type TopicState, topicPolicies } from './model.ts';
import { policiesToRead, readPolicies, readTopic } from './read.ts';
import { addPartitions, createTopic, deleteTopic, writeMark, writePolicy } from './write.ts';

/** Topics of a broker, with arc's mark in their properties. */
export function topicDriver(
  project: string,
): InsideDriver<TopicSpec, TopicState, TopicWork, TopicStep, PulsarServer> {
  return {
    ...topicDecider(project),
    observe: ({ at: server, wanted, alone = false, signal }) =>
      explainRefusals({ server, doing: 'read the topics' }, async () => {
        const declared = new Map(wanted.map(({ spec }) => [spec.name, spec]));
        const used = new Set([...declared.keys()].map(namespaceOf));
        const namespaces = alone
          ? [...used]
          : await ownNamespaces({ server, project, declared: used, signal });
        const topics = (
          await inParallel(namespaces, (namespace) => topicsOf({ server, namespace, signal }))
        ).flat();
        const seen = await inParallel(
          topics,
          async (topic): Promise<readonly [Address, Seen<TopicState>][]> => {
            const state = await observeTopic({
              server,
              topic,
              project,
              spec: declared.get(topic.name),
              signal,
            });
            if (state === undefined) return [];
            // What goes, goes after what is of it.
            const needs = state.subscriptions.map(
              (name): Need => ({ on: addressOf('subscription', `${topic.name}/${name}`), for: 'make' }),
            );
            return [[addressOf('topic', topic.name), { state, needs }]];
          },
        );
        return new Map(seen.flat());
      }),
    apply: ({ step, at: server, io: { signal } }) => {
      const name = nameOf(step.of);
      return explainRefusals(
        { server, doing: `${step.verb} the topic ${name}` },
        async (): Promise<Applied> => {
          const { spec, data } = step.work;
          const { set = [], unset = [], origin = 'made', partitions = false } = data ?? {};
          if (spec === undefined) {
            // Only persistent topics keep a mark that says that arc created them.
            await deleteTopic({
              server,
              topic: { name, isPartitioned: partitions, isPersistent: true },
              signal,
            });
            return 'done';
          }
          const topic = { name, isPartitioned: spec.partitions > 0, isPersistent: spec.persistent };
          const mark = { project, origin, applied: appliedPolicies(spec.policies) };
          // A run that was interrupted does the rest: nothing is applied yet.
          if (step.verb === 'create')
            await createTopic({ server, topic, spec, mark: { ...mark, applied: {} }, signal });
          else if (partitions) await addPartitions({ server, topic, partitions: spec.partitions, signal });
          for (const policy of topicPolicies.filter((one) => unset.includes(one)))
            await writePolicy({ server, topic, policy, wanted: spec.policies, signal });
          for (const policy of set.flatMap((one) => topicPolicies.filter((other) => other === one)))
            await writePolicy({ server, topic, policy, wanted: spec.policies, signal });
          await writeMark({ server, topic, mark, signal });
          return 'done';
        },
      );
    },
  };
}

/** A topic that is declared or arc's own; undefined for anybody else's. */
async function observeTopic(options: {
  server: PulsarServer;
  topic: FoundTopic;
  project: string;
  spec: TopicSpec | undefined;
  signal: AbortSignal;
}): Promise<TopicState | undefined> {
  const { server, topic, project, spec, signal } = options;
  const { partitions, mark } = await readTopic(options);
  if (spec === undefined && mark?.project !== project) return undefined;
  const names = policiesToRead({ spec: spec?.policies ?? {}, mark });
  const policies = spec === undefined ? {} : await readPolicies({ server, topic, names, signal });
  const differs =
    spec === undefined || comparePolicies({ spec: spec.policies, state: policies, mark }).changes.length > 0;
  const stats = differs ? await statsOf({ server, topic, signal }) : undefined;
  return {
    isPersistent: topic.isPersistent,
    partitions,
    policies,
    ...(mark !== undefined && { mark }),
    held: heldIn(stats),
    subscriptions: spec === undefined ? Object.keys(stats?.subscriptions ?? {}) : [],
  };
}
