import { textField } from '../../../core/data.ts';
import type { Applied, InsideDriver } from '../../../core/driver.ts';
import { type Address, addressOf, nameOf, type Resource, type Seen } from '../../../core/resource.ts';
import { type DatabaseServer, withDatabase } from '../client.ts';
import { observeDatabases } from '../existing-databases.ts';
import { explainRefusals } from '../failure.ts';
import { type Mark, readMarks, removeMark, writeMark } from '../marks.ts';
import { textList } from '../text-list.ts';
import { inTransaction } from '../transaction.ts';
import { compareGrants, privilegeText } from './compare.ts';
import { appliedTexts, type GrantsStep, type GrantsWork, grantsDecider } from './decide.ts';
import type { GrantsSpec, GrantsState } from './model.ts';
import { readPrivileges } from './read.ts';
import { writeDifference } from './write.ts';

type GrantsDriver = InsideDriver<GrantsSpec, GrantsState, GrantsWork, GrantsStep, DatabaseServer>;

/** What roles may do in databases. */
export function grantsDriver(project: string): GrantsDriver {
  return {
    ...grantsDecider(project),
    observe: ({ at: server, wanted, signal }) =>
      explainRefusals({ server, doing: 'read the grants' }, () =>
        observeDatabases({
          ...{ server, signal, wanted },
          observeIn: (one) => observeIn({ ...one, server, signal, project }),
        }),
      ),
    apply: ({ step, at: server, io: { signal } }) =>
      explainRefusals(
        { server, doing: `${step.verb} the grants ${nameOf(step.of)}` },
        async (): Promise<Applied> => {
          const { spec, data } = step.work;
          const mark = data?.state?.mark;
          if (spec !== undefined) await applyGrants({ server, signal, project, spec });
          else if (mark !== undefined) await revokeAll({ server, signal, mark });
          return 'done';
        },
      ),
  };
}

type Reading = { server: DatabaseServer; signal: AbortSignal };

async function observeIn(
  options: Reading & { project: string; database: string; declared: readonly Resource<GrantsSpec>[] },
): Promise<readonly (readonly [Address, Seen<GrantsState>])[]> {
  const { project, declared } = options;
  return withDatabase(options, async (client) => {
    const marks = await readMarks(client, 'grants');
    const seen: (readonly [Address, Seen<GrantsState>])[] = [];
    for (const { address, spec } of declared) {
      const { role } = spec;
      const mark = marks.get(spec.name);
      const privileges = await readPrivileges({ client, role, schemas: schemasOf(spec) });
      seen.push([address, { state: { ...privileges, mark }, needs: [] }]);
    }
    const names = new Set(declared.map(({ spec }) => spec.name));
    for (const mark of marks.values()) {
      if (names.has(mark.name) || mark.project !== project) continue;
      seen.push([addressOf('grants', mark.name), { state: { objects: [], held: [], mark }, needs: [] }]);
    }
    return seen;
  });
}

/** Reads again what there is: whatever came before it in the run may have made objects. */
async function applyGrants(options: Reading & { project: string; spec: GrantsSpec }): Promise<void> {
  const { project, spec } = options;
  const { role, database, name } = spec;
  await withDatabase({ ...options, database }, (client) =>
    inTransaction(client, async () => {
      const state = await readPrivileges({ client, role, schemas: schemasOf(spec) });
      await writeDifference({ client, role, difference: compareGrants({ spec, state }) });
      const privileges = appliedTexts({ spec, objects: state.objects });
      const applied = { role, database, schemas: schemasOf(spec), privileges };
      await writeMark({ client, kind: 'grants', mark: { name, project, origin: 'made', applied } });
    }),
  );
}

async function revokeAll(options: Reading & { mark: Mark }): Promise<void> {
  const { name, applied } = options.mark;
  const role = textField(applied, 'role');
  const granted = new Set(textList(applied.privileges));
  await withDatabase({ ...options, database: textField(applied, 'database') }, (client) =>
    inTransaction(client, async () => {
      const { held } = await readPrivileges({ client, role, schemas: textList(applied.schemas) });
      const extra = held.filter((one) => granted.has(privilegeText(one)));
      await writeDifference({ client, role, difference: { missing: [], extra } });
      await removeMark({ client, kind: 'grants', name });
    }),
  );
}

function schemasOf({ entries }: GrantsSpec): readonly string[] {
  return [...new Set(entries.flatMap(({ schema }) => schema ?? []))].toSorted();
}
