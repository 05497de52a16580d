import { PassThrough, Writable } from 'node:stream';
import { failed, invalid } from '../../core/errors.ts';
import { splitLines } from '../../core/lines.ts';
import { startStep } from '../../core/report-step.ts';
import type { EngineConnection } from '../../platform/docker/connection.ts';
import { observe } from '../../platform/docker/observe.ts';
import { ownContainers } from '../../platform/docker/orphans.ts';
import type { DescribedContainer, Stack } from '../../stack/model.ts';
import type { Context } from '../context.ts';
import { openRunning, withEngine } from '../session.ts';
import { parseBackupLine } from './lines.ts';

/** `tech` of the containers that run packages/sql-backup. */
const backupTech = 'sql-backup';

/** Runs a command of a service's backup program and returns its answer. Reports the program's steps as they arrive. */
export type AskBackups = (question: {
  command: 'backup' | 'list' | 'verify' | 'compare' | 'recover' | 'restore' | 'forget';
  /** Flags and their values. */
  options?: Readonly<Record<string, string | undefined>>;
}) => Promise<unknown>;

/**
 * Runs `use` with the backup program of a service. The program runs beside the database, so the caller needs neither
 * the database's password nor its client, and dumps do not pass through here.
 *
 * @param options.service the only one that has backups, where it is absent
 * @throws ArcError `no-backups` (exit status 2) if the service has none, `backups-not-running` if the program does not
 *   run, `backup-failed` with what it says
 */
export async function withBackups<Result>(options: {
  context: Context;
  service?: string | undefined;
  use: (ask: AskBackups, service: string) => Promise<Result>;
}): Promise<Result> {
  const { context, use } = options;
  const { stack } = await openRunning({ context, request: { selection: [], without: [], set: [] } });
  const program = findProgram({ stack, service: options.service });
  return withEngine({
    context,
    use: async (engine, connection) => {
      const snapshot = await observe({ engine, project: stack.project, stack });
      const there = ownContainers(snapshot).find(({ role }) => role === program.role);
      if (there?.state !== 'running')
        throw failed({
          code: 'backups-not-running',
          message: `${program.name} ${there === undefined ? 'does not exist' : `is ${there.state}`}, and it makes the backups of ${program.service}.`,
          suggestion: `run \`arc up ${program.role}\``,
        });
      return use(asker({ context, connection, program }), program.service);
    },
  });
}

function findProgram(options: { stack: Stack; service: string | undefined }): DescribedContainer {
  const { stack, service } = options;
  const programs = stack.containers.filter(({ tech }) => tech === backupTech);
  const found = programs.filter((one) => service === undefined || one.service === service);
  const [first] = found;
  if (first !== undefined && found.length === 1) return first;
  const known = programs.map((one) => one.service);
  throw invalid({
    code: 'no-backups',
    message:
      service === undefined
        ? `${known.length === 0 ? 'No service' : 'More than one service'} of the workspace has backups.`
        : `The service ${service} has no backups.`,
    suggestion: known.length === 0 ? 'see docs/backups.md' : `name one of: ${known.join(', ')}`,
  });
}

function asker(options: {
  context: Context;
  connection: EngineConnection;
  program: DescribedContainer;
}): AskBackups {
  const { context, connection, program } = options;
  return async ({ command, options: flags = {} }) => {
    const id = `${command}:${program.service}`;
    const on = `backup/${program.service}` as const;
    const step = startStep({ id, verb: acts[command].verb, on, emit: context.emit });
    let answer: unknown;
    let failure: string | undefined;
    const lines = splitLines((line) => {
      const said = parseBackupLine(line);
      if (said?.type === 'answer') ({ answer } = said);
      else if (said?.type === 'failure') failure = said.message;
      else if (said?.type === 'step')
        step.update({
          output: said.doing,
          ...(said.bytes === undefined ? {} : { progress: { done: said.bytes, unit: 'bytes' } }),
        });
    });
    // The program ends its work when its input does: the Engine passes on no signal to what it runs in a container.
    const stdin = new PassThrough();
    const stop = (): void => void stdin.end();
    context.signal.addEventListener('abort', stop, { once: true });
    try {
      const code = await connection.exec({
        name: program.name,
        command: [...(program.entrypoint ?? []), command, '--attended', ...argumentsOf(flags)],
        streams: { stdin, stdout: sinkOf(lines.push), stderr: sinkOf(() => {}) },
      });
      lines.end();
      context.signal.throwIfAborted();
      if (code !== 0 || failure !== undefined)
        throw failed({
          code: 'backup-failed',
          message: `${program.name} could not ${acts[command].words}: ${failure ?? `it ended with status ${code}`}.`,
          suggestion: `see \`arc health ${program.service}\` and \`arc logs ${program.role}\``,
        });
      step.done();
      return answer;
    } catch (cause) {
      step.failed(cause, 'backup-failed');
      throw cause;
    } finally {
      context.signal.removeEventListener('abort', stop);
    }
  };
}

/** How a command is named in events and in errors. */
const acts = {
  backup: { verb: 'back-up', words: 'make a backup' },
  list: { verb: 'read', words: 'read the backups' },
  verify: { verb: 'prove', words: 'verify the backup' },
  compare: { verb: 'read', words: 'read the backup' },
  recover: { verb: 'read', words: 'put together what was there at that time' },
  forget: { verb: 'remove', words: 'remove what it had put together' },
  restore: { verb: 'restore', words: 'restore the backup, and left the databases as they were' },
} as const;

function argumentsOf(flags: Readonly<Record<string, string | undefined>>): readonly string[] {
  return Object.entries(flags).flatMap(([name, value]) =>
    value === undefined ? [] : [`--${name}=${value}`],
  );
}

function sinkOf(push: (chunk: Buffer) => void): Writable {
  return new Writable({
    write: (chunk: Buffer, _, done) => {
      push(chunk);
      done();
    },
  });
}
