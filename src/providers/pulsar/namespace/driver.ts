import { defined } from '../../../core/defined.ts';
import type { Applied, InsideDriver } from '../../../core/driver.ts';
import { type Address, addressOf, type Need, nameOf, type Seen } from '../../../core/resource.ts';
import type { PulsarServer } from '../client.ts';
import { appliedPolicies, comparePolicies, type Work } from '../decide.ts';
import { explainRefusals } from '../failure.ts';
import { inParallel } from '../in-parallel.ts';
import { nothingHeld } from '../losses.ts';
import { ownNamespaces } from '../own-namespaces.ts';
import { heldBy, topicsOf } from '../topics.ts';
import { type NamespaceStep, namespaceDecider } from './decide.ts';
import type { NamespaceSpec, NamespaceState } from './model.ts';
import { offloadDriverOf, readNamespace } from './read.ts';
import { createNamespace, deleteNamespace, writeMark, writePolicy } from './write.ts';

/** Namespaces of a broker, with arc's mark in their properties. */
export function namespaceDriver(
  project: string,
): InsideDriver<NamespaceSpec, NamespaceState, Work, NamespaceStep, PulsarServer> {
  return {
    ...namespaceDecider(project),
    observe: ({ at: server, wanted, alone = false, signal }) =>
      explainRefusals({ server, doing: 'read the namespaces' }, async () => {
        const declared = new Map(wanted.map(({ spec }) => [spec.name, spec]));
        const isOffloaded = wanted.some(({ spec }) => spec.policies.offload !== undefined);
        const offloadDriver = isOffloaded ? await offloadDriverOf({ server, signal }) : undefined;
        const names = alone
          ? [...declared.keys()]
          : await ownNamespaces({ server, project, declared: declared.keys(), signal });
        const seen = await inParallel(
          names,
          async (name): Promise<readonly [Address, Seen<NamespaceState>][]> => {
            const found = await readNamespace({ server, name, signal });
            const spec = declared.get(name);
            if (found === undefined) return [];
            if (spec === undefined && found.mark?.project !== project) return [];
            const topics = spec === undefined ? await topicsOf({ server, namespace: name, signal }) : [];
            const { changes } =
              spec === undefined
                ? { changes: [] }
                : comparePolicies({ spec: spec.policies, state: found.policies, mark: found.mark });
            const held =
              changes.length === 0 ? nothingHeld : await heldBy({ server, namespace: name, signal });
            const state = {
              ...{ ...found, ...defined({ offloadDriver }), held },
              topics: topics.map((topic) => topic.name),
            };
            // What goes, goes after its topics.
            const needs = state.topics.map((topic): Need => ({ on: addressOf('topic', topic), for: 'make' }));
            return [[addressOf('namespace', name), { state, needs }]];
          },
        );
        return new Map(seen.flat());
      }),
    apply: ({ step, at: server, io: { signal } }) => {
      const name = nameOf(step.of);
      return explainRefusals(
        { server, doing: `${step.verb} the namespace ${name}` },
        async (): Promise<Applied> => {
          const { spec, data } = step.work;
          if (spec === undefined) {
            await deleteNamespace({ server, name, signal });
            return 'done';
          }
          const { set = [], unset = [], origin = 'made' } = data ?? {};
          if (step.verb === 'create') await createNamespace({ server, name, signal });
          for (const policy of [...unset, ...set])
            await writePolicy({ server, name, policy, wanted: spec.policies, signal });
          await writeMark({
            server,
            name,
            mark: { project, origin, applied: appliedPolicies(spec.policies) },
            signal,
          });
          return 'done';
        },
      );
    },
  };
}
