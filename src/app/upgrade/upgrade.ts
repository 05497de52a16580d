import { ArcError } from '../../core/errors.ts';
import { startStep } from '../../core/report-step.ts';
import { addressOf } from '../../core/resource.ts';
import type { Plan } from '../../core/step.ts';
import type { EngineConnection } from '../../platform/docker/connection.ts';
import { copyVolume } from '../../platform/docker/copy-volume.ts';
import type { Engine } from '../../platform/docker/engine.ts';
import { guardEngine } from '../../platform/docker/lock/guard.ts';
import { type Backup, readBackup, readVerification } from '../backups/answers.ts';
import { withBackups } from '../backups/program.ts';
import { restore } from '../backups/restore.ts';
import { boot } from '../boot.ts';
import { confirm } from '../consent.ts';
import type { Context } from '../context.ts';
import { lockOn } from '../lock-on.ts';
import type { BootOptions } from '../request.ts';
import { openStack, withEngine } from '../session.ts';
import { findUpgrade, type Upgrade } from './find.ts';
import { runInside } from './run-inside.ts';

/** A database that has nobody to wait for stops within a second; one that writes its last pages takes longer. */
const stopGraceSeconds = 120;

export type Upgraded =
  | { kind: 'current'; container: string; version: number | undefined }
  | { kind: 'planned'; upgrade: Upgrade }
  | { kind: 'done'; upgrade: Upgrade; backup: Backup };

/**
 * Moves the data of a service to the version that its program reads now: backup, proof, copy of the volume, new volume,
 * restore. Until the backup is proven and the copy is there, everything is as it was; whatever fails before that leaves
 * the old server running.
 *
 * @param options.dryRun says what would be done
 * @throws ArcError of findUpgrade, backups and boots; `backup-not-proven` where the backup cannot be restored;
 *   `upgrade-unfinished` with the way on, once the old volume is gone
 */
export async function upgrade(options: {
  context: Context;
  service: string;
  request: BootOptions;
  dryRun: boolean;
  show: (plan: Plan) => void;
}): Promise<Upgraded> {
  const { context, service, request, dryRun } = options;
  const moved = await withEngine({
    context,
    use: async (_, connection) => {
      const { stack } = await openStack({ context, request, of: 'everything' });
      await using lock = dryRun
        ? undefined
        : await lockOn({ context, connection, project: stack.project, command: 'upgrade' });
      const found = await findUpgrade({ connection, stack, service });
      if (!('kept' in found))
        return { kind: 'current', container: found.container, version: found.current } as const;
      if (lock === undefined) return { kind: 'planned', upgrade: found } as const;
      await confirm({
        context,
        question: `${upgradeSteps(found).join('\n')}\nClients of ${found.container.name} are disconnected meanwhile. Upgrade it?`,
        flag: '--yes',
        given: request.yes === true,
      });
      const engine = guardEngine({ engine: connection.engine, lock });
      return { kind: 'done', ...(await moveAway({ context, connection, engine, service, found })) } as const;
    },
  });
  if (moved.kind !== 'done') return moved;
  try {
    await bringBack({ ...options, backup: moved.backup });
  } catch (cause) {
    throw unfinished({ cause, ...moved, service });
  }
  return moved;
}

/** What is done, in order, for people. */
export function upgradeSteps({ container, volume, kept, from, to }: Upgrade): readonly string[] {
  const { name, role } = container;
  return [
    `keep clients from writing to ${name}, which is of version ${from}`,
    'back it up to storage, and prove the backup by restoring it',
    `stop ${name}, and copy the volume ${volume} to ${kept}`,
    `remove the volume ${volume}, and boot ${role} of version ${to} with a new one`,
    'restore the backup, and compare every table',
    `keep ${kept}, until you remove it: docker volume rm ${kept}`,
  ];
}

/** Everything before the new server: afterwards the data is in the backup and in the copy. */
async function moveAway(options: {
  context: Context;
  connection: EngineConnection;
  engine: Engine;
  service: string;
  found: Upgrade;
}): Promise<{ upgrade: Upgrade; backup: Backup }> {
  const { context, connection, engine, service, found } = options;
  const { container, running, holdWrites } = found;
  const { name } = container;
  const inside = (command: readonly string[], purpose: string) =>
    runInside({ connection, name, command, purpose });
  let stopped = false;
  try {
    await inside(holdWrites.begin, 'keep clients from writing');
    const backup = await proveBackup({ context, service });
    await inside(holdWrites.forget, 'be left as it was');
    stopped = true;
    await step({ context, verb: 'stop', on: addressOf('container', name), role: container.role }, () =>
      engine.stopContainer({ id: running.id, name, graceSeconds: stopGraceSeconds }),
    );
    await step({ context, verb: 'copy', on: addressOf('volume', found.volume), role: container.role }, () =>
      copyVolume({
        engine,
        source: found.volume,
        target: found.kept,
        image: running.imageId,
        signal: context.signal,
      }),
    );
    await engine.removeContainer({ id: running.id, name });
    await engine.removeVolume({ name: found.volume });
    return { upgrade: found, backup };
  } catch (cause) {
    if (stopped) await engine.startContainer({ name });
    else await inside(holdWrites.end, 'let clients write again');
    throw cause;
  }
}

async function proveBackup(options: { context: Context; service: string }): Promise<Backup> {
  return await withBackups({
    ...options,
    use: async (ask) => {
      const backup = readBackup(await ask({ command: 'backup' }));
      const { ok, problems } = readVerification(
        await ask({ command: 'verify', options: { name: backup.name } }),
      );
      if (ok) return backup;
      throw new ArcError({
        problem: {
          code: 'backup-not-proven',
          message: `The backup ${backup.name} cannot be restored, so the old data stays where it is.`,
          detail: problems,
        },
        status: 1,
      });
    },
  });
}

async function bringBack(options: Parameters<typeof upgrade>[0] & { backup: Backup }): Promise<void> {
  const { context, service, backup } = options;
  const request = { ...options.request, selection: [service] };
  await boot({ context, request, command: 'upgrade', show: options.show });
  await withBackups({
    context,
    service,
    use: (ask) =>
      restore({
        context,
        ask,
        // What is there is what has just been made.
        request: { from: backup.name, lose: backup.databases.map(({ name }) => name) },
      }),
  });
  // Passwords, and what else is declared and no backup holds.
  await boot({ context, request, command: 'upgrade', show: options.show });
}

async function step<Result>(
  options: { context: Context; role: string } & Pick<Parameters<typeof startStep>[0], 'verb' | 'on'>,
  work: () => Promise<Result>,
): Promise<Result> {
  const { context, verb, on, role } = options;
  const reported = startStep({ id: `${verb}:${on}`, verb, on, role, emit: context.emit });
  try {
    const result = await work();
    reported.done();
    return result;
  } catch (cause) {
    reported.failed(cause, 'upgrade-failed');
    throw cause;
  }
}

function unfinished(options: { cause: unknown; upgrade: Upgrade; backup: Backup; service: string }): unknown {
  const { cause, backup, service } = options;
  const { kept, container } = options.upgrade;
  if (!(cause instanceof ArcError)) return cause;
  const [first, ...rest] = cause.problems;
  return new ArcError({
    problem: [
      {
        code: 'upgrade-unfinished',
        message: `The data of ${container.name} is in the backup ${backup.name} and in the volume ${kept}, and not in the new server yet: ${first.message}`,
        detail: first.detail ?? [],
        suggestion: `arc up ${service} && arc restore ${service} --from ${backup.name}`,
      },
      ...rest,
    ],
    status: cause.status,
  });
}
