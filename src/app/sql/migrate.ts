import { failed } from '../../core/errors.ts';
import { makePlan } from '../../core/plan.ts';
import { type Address, nameOf } from '../../core/resource.ts';
import { isEmpty, type Plan } from '../../core/step.ts';
import type { EngineConnection } from '../../platform/docker/connection.ts';
import { guardEngine } from '../../platform/docker/lock/guard.ts';
import { observe } from '../../platform/docker/observe.ts';
import { dockerReach } from '../../platform/docker/reach.ts';
import { loadWorkspace } from '../../workspace/load.ts';
import { carryOut } from '../carry-out.ts';
import type { Context } from '../context.ts';
import { asItRuns } from '../images-in-use.ts';
import { openInside } from '../inside.ts';
import { type InsideResource, insideDeciders, insideResources } from '../inside-kinds.ts';
import { lockOn } from '../lock-on.ts';
import { openSite, type Site, withEngine } from '../session.ts';
import { allSqlTools, noMigrations, type SqlDatabase, sqlDatabases } from './databases.ts';
import { requireServer, runningIn } from './running-stack.ts';

/**
 * Applies pending migrations, as `arc up` does: the same plan with the same steps, of what is in the database's server
 * alone. What a migration needs comes before it, and grants on what it makes after it. Containers stay as they are.
 *
 * @param options.show shows the plan before it is carried out
 * @throws ArcError as a boot does, `not-running` where the server does not run
 */
export async function sqlMigrate(options: {
  context: Context;
  database?: string | undefined;
  timeout: number;
  show: (plan: Plan) => void;
}): Promise<{ plan: Plan; databases: readonly string[] }> {
  const { context, timeout, show } = options;
  const { manifests } = await loadWorkspace({ cwd: context.cwd });
  const kinds = new Set(allSqlTools.map(({ provision }) => provision));
  const declares = manifests.services.filter(({ provision }) =>
    provision.some(({ kind }) => kinds.has(kind)),
  );
  if (declares.length === 0) throw noMigrations({ named: options.database, known: [] });
  const selection = declares.map(({ role }) => role);
  const site = await openSite({ context, request: { selection, without: [], set: [] } });
  const { project } = site.stack;
  return withEngine({
    context,
    use: async (_, connection) => {
      await using lock = await lockOn({ context, connection, project, command: 'sql migrate' });
      const found = await planMigrations({ ...options, site, connection });
      const { plan, stack, snapshot, databases } = found;
      if (isEmpty(plan)) return { plan, databases };
      show(plan);
      const engine = guardEngine({ engine: connection.engine, lock });
      const { root, home: owner } = site;
      const way = { context, engine, connection, snapshot, root, owner, stack };
      await carryOut({ ...way, plan, milliseconds: timeout });
      return { plan, databases };
    },
  });
}

async function planMigrations(options: {
  context: Context;
  database?: string | undefined;
  site: Site;
  connection: EngineConnection;
}) {
  const { context, database: named, site, connection } = options;
  const { engine } = connection;
  const { project } = site.stack;
  const snapshot = await observe({ engine, project, stack: site.stack });
  const stack = asItRuns({ stack: site.stack, snapshot });
  const databases = sqlDatabases({ stack, named });
  const running = runningIn(snapshot);
  for (const { resource } of databases) requireServer({ running, resource });
  const servers = new Set(databases.flatMap(({ resource }) => resource.inside ?? []));
  const reach = dockerReach({ stack, observed: snapshot.containers, engine, connection });
  await using inside = openInside({ stack, reach, signal: context.signal });
  const { seen, asked } = await inside.look(servers);
  const silent = [...servers].find((at) => !asked.has(at));
  if (silent !== undefined)
    throw failed({
      code: 'not-running',
      message: `${nameOf(silent)} does not answer, so nobody knows what is in it.`,
      suggestion: `arc health ${databases[0].resource.access.at.role}`,
    });
  const plan = makePlan({
    project,
    // Their server runs: there is nothing to wait for.
    wanted: around({ databases, all: insideResources(stack) }).map(({ inside: _runs, ...one }) => one),
    seen,
    drivers: new Map(insideDeciders(project)),
  });
  return { plan, stack, snapshot, databases: databases.map(({ database }) => database) };
}

/** Migrations, all that they need, and all that needs them. */
function around(options: {
  databases: readonly SqlDatabase[];
  all: readonly InsideResource[];
}): readonly InsideResource[] {
  const { databases, all } = options;
  const migrations = new Set(databases.map(({ resource }) => resource.address));
  const chosen = new Set<Address>(migrations);
  for (const { address, needs } of all) if (needs.some(({ on }) => migrations.has(on))) chosen.add(address);
  const take = (address: Address): void => {
    for (const { on } of all.find((one) => one.address === address)?.needs ?? []) {
      chosen.add(on);
      take(on);
    }
  };
  for (const address of [...chosen]) take(address);
  return all.filter(({ address }) => chosen.has(address));
}
