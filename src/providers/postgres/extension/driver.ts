import { textField } from '../../../core/data.ts';
import { defined } from '../../../core/defined.ts';
import type { Applied, InsideDriver } from '../../../core/driver.ts';
import { type Address, addressOf, nameOf, type Resource, type Seen } from '../../../core/resource.ts';
import { type DatabaseServer, withDatabase } from '../client.ts';
import { observeDatabases } from '../existing-databases.ts';
import { explainRefusals } from '../failure.ts';
import { readMarks, removeMark, writeMark } from '../marks.ts';
import { inTransaction } from '../transaction.ts';
import { type ExtensionStep, type ExtensionWork, extensionDecider } from './decide.ts';
import type { ExtensionSpec, ExtensionState } from './model.ts';
import { alterExtension, countColumns, createExtension, dropExtension, readExtensions } from './sql.ts';

type ExtensionDriver = InsideDriver<
  ExtensionSpec,
  ExtensionState,
  ExtensionWork,
  ExtensionStep,
  DatabaseServer
>;

/** Extensions of databases. */
export function extensionDriver(project: string): ExtensionDriver {
  return {
    ...extensionDecider(project),
    observe: ({ at: server, wanted, signal }) =>
      explainRefusals({ server, doing: 'read the extensions' }, () =>
        observeDatabases({
          ...{ server, signal, wanted },
          observeIn: (one) => observeIn({ ...one, server, signal, project }),
        }),
      ),
    apply: ({ step, at: server, io: { signal } }) =>
      explainRefusals(
        { server, doing: `${step.verb} the extension ${nameOf(step.of)}` },
        async (): Promise<Applied> => {
          const { spec, data = { fields: [], state: undefined } } = step.work;
          const mark = data.state?.mark;
          const database = spec?.database ?? textField(mark?.applied ?? {}, 'database');
          await withDatabase({ server, database, signal }, (client) =>
            inTransaction(client, async () => {
              if (spec === undefined) {
                await dropExtension(client, textField(mark?.applied ?? {}, 'extension'));
                await removeMark({ client, kind: 'extension', name: nameOf(step.of) });
                return;
              }
              if (step.verb === 'create') await createExtension(client, spec);
              else await alterExtension({ client, spec, fields: data.fields });
              const origin = step.verb === 'create' ? 'made' : (mark?.origin ?? 'found');
              const { name, ...applied } = spec;
              await writeMark({ client, kind: 'extension', mark: { name, project, origin, applied } });
            }),
          );
          return 'done';
        },
      ),
  };
}

/** What is declared in one database and is there, and what arc created there and nobody declares any more. */
async function observeIn(options: {
  server: DatabaseServer;
  signal: AbortSignal;
  project: string;
  database: string;
  declared: readonly Resource<ExtensionSpec>[];
}): Promise<readonly (readonly [Address, Seen<ExtensionState>])[]> {
  const { project, declared } = options;
  return withDatabase(options, async (client) => {
    const extensions = await readExtensions(client);
    const marks = await readMarks(client, 'extension');
    const there = declared.flatMap(({ address, spec }) => {
      const state = extensions.get(spec.extension);
      const mark = marks.get(spec.name);
      return state === undefined ? [] : [[address, { state: { ...state, mark }, needs: [] }] as const];
    });
    const kept = new Set(declared.map(({ spec }) => spec.extension));
    const orphans = [...marks.values()].filter(
      ({ origin, applied, ...mark }) =>
        mark.project === project && origin === 'made' && !kept.has(textField(applied, 'extension')),
    );
    const counted = await Promise.all(
      orphans.map(async (mark) => {
        const extension = textField(mark.applied, 'extension');
        const state = extensions.get(extension);
        if (state === undefined) return [];
        const columns = await countColumns(client, extension);
        const seen = { state: { ...state, mark, ...defined({ columns }) }, needs: [] };
        return [[addressOf('extension', mark.name), seen] as const];
      }),
    );
    return [...there, ...counted.flat()];
  });
}
