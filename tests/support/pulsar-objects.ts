import { leftoversIn } from '../../src/app/leftovers.ts';
import type { Fields } from '../../src/core/data.ts';
import { makePlan } from '../../src/core/plan.ts';
import { type Address, addressOf, type Seen } from '../../src/core/resource.ts';
import type { Plan, Step } from '../../src/core/step.ts';
import type { InsideKind, InsideThing } from '../../src/providers/inside-kind.ts';
import { pulsar } from '../../src/providers/pulsar/provider.ts';

/** What a manifest would provision: the kind without `pulsar.`, a name, and fields in seconds and bytes. */
export type Entry = { kind: string; name: string } & Fields;

const kinds = new Map((pulsar.inside ?? []).map((one) => [one.kind, one]));

/** Objects of one project in a broker, planned and carried out as `arc up` does. */
export function pulsarObjects(options: { project: string; origin: string }) {
  const { project } = options;
  const { hostname, port } = new URL(options.origin);
  const signal = AbortSignal.timeout(900_000);
  const clientOf = async (kind: InsideKind) => {
    const client = await kind.load();
    const server = client.open({
      role: 'streaming',
      fields: {},
      address: { host: hostname, port: Number(port) },
    });
    return { driver: client.driver(project), server };
  };
  const kindNamed = (name: string): InsideKind => {
    const kind = kinds.get(name);
    if (kind === undefined) throw new Error(`there is no kind ${name}`);
    return kind;
  };
  const wantedOf = (entries: readonly Entry[]) => {
    const things = entries.map(({ kind, name, ...fields }): InsideThing => {
      const location = { file: 'contracts/test.yaml', line: 1, column: 1 };
      const spec = kindNamed(kind).spec({ name, fields, files: [], location });
      return { address: addressOf(kind, name), kind, spec };
    });
    return things.map(({ address, kind, spec }) => ({
      address,
      kind,
      spec,
      owner: 'streaming',
      needs: (kindNamed(kind).needs?.(spec, things) ?? []).map((on) => ({ on, for: 'make' as const })),
    }));
  };

  const deciders = new Map([...kinds].map(([name, kind]) => [name, kind.decider(project)]));
  const observe = async (wanted: ReturnType<typeof wantedOf>): Promise<ReadonlyMap<Address, Seen>> => {
    const seen = new Map<Address, Seen>();
    for (const [name, kind] of kinds) {
      const { driver, server } = await clientOf(kind);
      const own = wanted.filter((one) => one.kind === name);
      for (const [address, state] of await driver.observe({ at: server, wanted: own, signal }))
        seen.set(address, state);
    }
    return seen;
  };

  /** `lose`: addresses of what nobody declares any more, and that may go with what it holds. */
  const plan = async (entries: readonly Entry[], lose: readonly Address[] = []): Promise<Plan> => {
    const wanted = wantedOf(entries);
    return makePlan({ project, wanted, seen: await observe(wanted), drivers: deciders, unwanted: lose });
  };
  const carryOut = async (steps: readonly Step[]): Promise<void> => {
    for (const step of steps) {
      const { driver, server } = await clientOf(kindNamed(step.of.slice(0, step.of.indexOf('/'))));
      await driver.apply({ step, at: server, io: { signal, progress: () => {}, nearlyDone: () => {} } });
    }
  };
  return {
    plan,
    /** What arc may remove, with what would be lost. */
    leftovers: async (entries: readonly Entry[]) => {
      const wanted = wantedOf(entries);
      const declared = new Set(wanted.map(({ address }) => address));
      const found = leftoversIn({ seen: await observe(wanted), declared, deciders, lose: [] });
      return found.map(({ address, lost }) => `${address}: ${lost}`);
    },
    /** Each step in words. */
    steps: async (entries: readonly Entry[], lose: readonly Address[] = []) =>
      (await plan(entries, lose)).steps.map(
        ({ verb, of, cause, loses = [] }) =>
          `${verb} ${of}: ${cause}${loses.map(({ text }) => ` [loses ${text}]`).join('')}`,
      ),
    apply: async (entries: readonly Entry[], lose: readonly Address[] = []) =>
      carryOut((await plan(entries, lose)).steps),
  };
}
