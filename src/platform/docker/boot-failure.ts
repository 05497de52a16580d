import { formatAnswer } from '../../core/answer.ts';
import type { Problem } from '../../core/errors.ts';
import type { ProbeAnswer } from '../../core/probes/probe.ts';
import { redact, type Secret } from '../../core/secret.ts';
import { unreadableData } from './data-check.ts';
import { dataProblem } from './data-rights.ts';
import type { Engine } from './engine.ts';
import type { Watched } from './monitor.ts';

/** Why arc stopped waiting for a container. */
export type WaitEnd =
  /** The container itself came to an end: see its status. */
  | { kind: 'final' }
  /** The deadline of the whole execution. */
  | { kind: 'deadline'; milliseconds: number }
  /** The time that a job may take. */
  | { kind: 'job-limit'; seconds: number }
  /** Something else failed first. */
  | { kind: 'cancelled' };

const logLinesShown = 20;

/**
 * Everything that a person needs to see why a container did not become ready: how it ended, what the last probe
 * said and the end of its log, with secrets taken out.
 */
export async function bootProblem(options: {
  engine: Engine;
  watched: Watched;
  end: WaitEnd;
  waitedMilliseconds?: number;
  lastAnswer?: ProbeAnswer;
  secrets: Iterable<Secret>;
}): Promise<Problem> {
  const { engine, watched, end, waitedMilliseconds, lastAnswer, secrets } = options;
  const { name, role } = watched.container;
  const inspection = await engine.inspectContainer({ name }).catch(() => undefined);
  // Output from before the restart explains nothing, unless the container has ended since.
  const since = watched.deaths === 0 ? inspection?.startedAt : undefined;
  const log = await engine.tailLogs({ name, lines: logLinesShown, since }).catch(() => undefined);
  if (inspection?.outOfMemory) watched.outOfMemory = true;
  // Whoever changed it after the container was created: this is why the container cannot work.
  const { container } = watched;
  const data =
    end.kind === 'final'
      ? ((await unreadableData({ engine, container })) ??
        (await dataProblem({ engine, container, look: 'contents' })))
      : undefined;
  const { code, message, suggestion } = data ?? headline(watched, end);
  const detail = [
    ...(data?.detail ?? []),
    ...reason(watched, end),
    ...(inspection?.error ? [`the Engine says: ${inspection.error}`] : []),
    ...(waitedMilliseconds === undefined ? [] : [`waited ${seconds(waitedMilliseconds)}`]),
    ...(lastAnswer ? [`last probe: ${formatAnswer(lastAnswer)}`] : []),
    ...(log?.length === 0 ? ['its log is empty'] : []),
    ...(log ?? []).map((line) => `log: ${line}`),
  ];
  return {
    code,
    message,
    detail: detail.map((line) => redact(line, secrets)),
    suggestion: suggestion ?? `arc logs ${role}`,
  };
}

function headline(watched: Watched, end: WaitEnd): { code: string; message: string; suggestion?: string } {
  const { container, status } = watched;
  const { name, kind, resources } = container;
  const job = kind === 'job';
  const subject = job ? `The job ${name}` : name;
  switch (end.kind) {
    case 'deadline':
      return {
        code: 'not-healthy-in-time',
        message: `${subject} was not ${job ? 'done' : 'healthy'} within ${seconds(end.milliseconds)}, the deadline for the whole command.`,
        suggestion: `arc logs ${container.role}; if it only needs longer, raise --timeout`,
      };
    case 'job-limit':
      return {
        code: 'job-too-slow',
        message: `${subject} was not done within ${end.seconds} s, its timeout in the service.yaml.`,
      };
    case 'cancelled':
      return { code: 'not-healthy-yet', message: `${subject} was not ${job ? 'done' : 'healthy'} yet.` };
    case 'final':
      break;
    default:
      return end satisfies never;
  }
  if (watched.outOfMemory && status === 'ended') {
    const limit = resources.memory === undefined ? '' : `, ${Math.round(resources.memory / 2 ** 20)} MiB`;
    return {
      code: 'container-out-of-memory',
      message: `${subject} was killed because it ran out of memory.`,
      suggestion: `raise resources.memory in its service.yaml${limit ? ` (now${limit.slice(1)})` : ''}`,
    };
  }
  switch (status) {
    case 'stopped':
      return { code: 'container-stopped', message: `${subject} was stopped by somebody else.` };
    case 'removed':
      return { code: 'container-removed', message: `${subject} was removed by somebody else.` };
    case 'lost':
      return {
        code: 'engine-lost',
        message: `The Engine stopped reporting while arc waited for ${name}.`,
        suggestion: 'arc doctor says whether it runs',
      };
    default:
      return ended(watched, subject);
  }
}

function ended({ container, deaths, exitCode }: Watched, subject: string): { code: string; message: string } {
  const how = exitCode === undefined ? 'exited' : `exited with ${exitCode}`;
  if (container.kind === 'job') return { code: 'job-failed', message: `${subject} ${how}.` };
  if (deaths > 1) {
    return {
      code: 'container-crash-loop',
      message: `${subject} keeps crashing: ${deaths} times, the last time it ${how}.`,
    };
  }
  return { code: 'container-exited', message: `${subject} ${how} before it was healthy.` };
}

/** What an exit code means by the conventions of shells and kernels. */
function reason({ exitCode, outOfMemory, status, container }: Watched, end: WaitEnd): string[] {
  if (end.kind !== 'final' || status !== 'ended') return [];
  if (outOfMemory) return ['reason: out of memory, killed by the kernel'];
  switch (exitCode) {
    case 0:
      return container.kind === 'job' ? [] : ['reason: it ended by itself without an error'];
    case 126:
      return ['reason: its program cannot be run (126)'];
    case 127:
      return ['reason: its program was not found (127)'];
    case 137:
      return ['reason: killed (SIGKILL)'];
    case 139:
      return ['reason: crashed (SIGSEGV)'];
    case 143:
      return ['reason: asked to end (SIGTERM)'];
    default:
      return [];
  }
}

function seconds(milliseconds: number): string {
  return `${Number((milliseconds / 1000).toFixed(1))} s`;
}
