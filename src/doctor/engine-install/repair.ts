import { readFileSync, rmSync } from 'node:fs';
import { prerequisite } from '../../core/errors.ts';
import { startStep } from '../../core/report-step.ts';
import { findEndpoints } from '../../platform/docker/endpoint.ts';
import { installLog } from '../apt/install-packages.ts';
import { runLogged } from '../apt/run-logged.ts';
import type { Repair, RepairTools } from '../check.ts';
import type { Situation } from '../situation.ts';
import { awaitAnswer, startDaemon, systemDaemon } from './daemon.ts';

/** `iproute2` is for dockerd's look at the machine's routes; the rest is the Engine and what it calls. */
export const enginePackages = ['docker.io', 'iproute2', 'iptables', 'ca-certificates'];
const startMilliseconds = 60_000;

/**
 * Installs a Docker Engine if possible (Debian and Ubuntu, as root), and starts it. Undefined if that is impossible, or
 * if a person has chosen another Engine.
 */
export function engineRepair(situation: Situation): Repair | undefined {
  const { machine } = situation;
  const { debian, root, systemd } = machine.system;
  if (!root || !isSystemEngine(situation)) return undefined;
  const installed = machine.program('dockerd') !== undefined;
  if (!installed && !debian) return undefined;
  return {
    id: 'engine',
    ...(installed ? {} : { packages: enginePackages }),
    after: {
      action: `start ${systemd ? 'the docker service' : 'dockerd in the background'}`,
      run: (tools) => startEngine({ situation, ...tools }),
    },
  };
}

/** Whether arc looks for this machine's own Engine at the usual place: no other Engine is chosen. */
export function isSystemEngine({ machine, environment }: Situation): boolean {
  const { socket } = systemDaemon('');
  return (
    machine.system.platform === 'linux' &&
    findEndpoints(environment).some(({ address }) => address === `unix://${socket}`)
  );
}

async function startEngine(options: RepairTools & { situation: Situation }): Promise<void> {
  const { situation, emit, signal } = options;
  const step = startStep({ emit, id: 'engine-start', verb: 'start', on: 'engine/docker' });
  try {
    if (situation.machine.system.systemd) await startService({ emit, signal });
    else await startInstalled({ situation, signal });
  } catch (error) {
    step.failed(error, 'engine-did-not-start');
    throw error;
  }
  step.done();
}

async function startService(options: RepairTools): Promise<void> {
  await runLogged({
    command: ['systemctl', 'enable', '--now', 'docker'],
    environment: {},
    logFile: installLog,
    deadlineMilliseconds: startMilliseconds,
    ...options,
  });
  const { socket } = systemDaemon('');
  if (await awaitAnswer({ socket, deadlineMilliseconds: startMilliseconds, signal: options.signal })) return;
  throw prerequisite({
    code: 'engine-did-not-start',
    message: `The docker service runs, but does not answer at ${socket}.`,
    suggestion: 'journalctl -u docker says why',
  });
}

async function startInstalled(options: { situation: Situation; signal: AbortSignal }): Promise<void> {
  const { machine, environment } = options.situation;
  const program = machine.program('dockerd');
  if (program === undefined) {
    throw prerequisite({
      code: 'engine-did-not-start',
      message: 'docker.io is installed, but there is no dockerd.',
      suggestion: 'apt-get install --reinstall docker.io',
    });
  }
  const daemon = systemDaemon(program);
  // Debian's package may have started it.
  if (await awaitAnswer({ socket: daemon.socket, deadlineMilliseconds: 1, signal: options.signal })) return;
  removeStalePidFile('/var/run/docker.pid');
  await startDaemon({
    daemon,
    environment,
    deadlineMilliseconds: startMilliseconds,
    signal: options.signal,
  });
}

/** dockerd takes any process with the number in its pid file for itself, which after a restart may be another one. */
function removeStalePidFile(file: string): void {
  let owner = '';
  try {
    owner = readFileSync(`/proc/${Number(readFileSync(file, 'utf8'))}/comm`, 'utf8').trim();
  } catch {
    // No such file, or no such process: dockerd deals with both.
    return;
  }
  if (owner !== 'dockerd') rmSync(file);
}
