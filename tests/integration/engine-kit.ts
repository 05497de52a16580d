import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { promisify } from 'node:util';
import type Docker from 'dockerode';
import tar from 'tar-stream';
import { createProber } from '../../src/app/run-probe.ts';
import { systemClock } from '../../src/core/clock.ts';
import type { Problem } from '../../src/core/errors.ts';
import { ArcError } from '../../src/core/errors.ts';
import type { ArcEvent } from '../../src/core/event.ts';
import type { Plan } from '../../src/core/step.ts';
import type { Force } from '../../src/platform/docker/compile.ts';
import { connectDocker } from '../../src/platform/docker/connect.ts';
import { dockerEngine } from '../../src/platform/docker/docker-engine.ts';
import { worksOf } from '../../src/platform/docker/drivers/work.ts';
import type { Engine } from '../../src/platform/docker/engine.ts';
import { type Execution, execute } from '../../src/platform/docker/execute.ts';
import { observe } from '../../src/platform/docker/observe.ts';
import { planNuke } from '../../src/platform/docker/plan-down.ts';
import { planUp } from '../../src/platform/docker/plan-up.ts';
import { dockerReach } from '../../src/platform/docker/reach.ts';
import type { BootableStack, ResolvedContainer } from '../../src/stack/model.ts';
import { testContainer, testStack } from '../fixtures/stacks.ts';

/** One image for all tests of this room: a single static program that behaves as its arguments say. */
export const testboxImage = 'arc-testbox:latest';

/** A project on the real Engine. */
export type Bench = {
  docker: Docker;
  engine: Engine;
  project: string;
  root: string;
  up: (containers: readonly ResolvedContainer[], options?: UpOptions) => Promise<Execution & { plan: Plan }>;
  plan: (containers: readonly ResolvedContainer[], force?: Force) => Promise<Plan>;
  run: (plan: Plan, options?: UpOptions) => Promise<Execution>;
  stack: (containers: readonly ResolvedContainer[]) => BootableStack;
  /** All events since the beginning. */
  events: ArcEvent[];
  close: () => Promise<void>;
};

export type UpOptions = { force?: Force; deadlineMilliseconds?: number; signal?: AbortSignal };

/** Opens a project of its own on the Engine, with the test image; `close` leaves nothing behind. */
export async function openBench(project: string): Promise<Bench> {
  const connection = await connectDocker({ environment: process.env, deadlineMilliseconds: 5_000 });
  const { docker } = connection;
  await importTestbox(docker);
  const engine = dockerEngine({ docker });
  const root = mkdtempSync(join(tmpdir(), 'arc-engine-'));
  const { [testboxImage]: testboxId } = await engine.findImages([testboxImage]);
  const events: ArcEvent[] = [];
  const stack = (containers: readonly ResolvedContainer[]) => testStack({ project, containers });
  const plan: Bench['plan'] = async (containers, force) => {
    const wanted = stack(containers);
    const snapshot = await observe({ engine, project, stack: wanted });
    return planUp({ stack: wanted, snapshot, root, ...(force ? { force } : {}) });
  };
  const reachOf = (plan: Plan) => {
    const containers = worksOf(plan, 'wait').map(({ container }) => container);
    return dockerReach({ engine, connection, stack: stack(containers), observed: [] });
  };
  const run: Bench['run'] = (toDo, options = {}) =>
    execute({
      plan: toDo,
      engine,
      root,
      owner: { folder: root },
      emit: (event) => events.push(event),
      images: { bring: async () => undefined, identify: () => ({ id: testboxId }) },
      files: { write: async () => {}, remove: async () => {}, keep: async () => {}, open: async () => {} },
      reloads: { reload: async () => 'done' },
      prober: createProber({ inspect: engine.inspectContainer, reach: reachOf(toDo) }),
      secrets: [],
      signal: options.signal ?? new AbortController().signal,
      deadlineMilliseconds: options.deadlineMilliseconds ?? 30_000,
      clock: systemClock,
    });
  const clean = async (): Promise<void> => {
    await run(planNuke({ snapshot: await observe({ engine, project }) }));
  };
  await clean();
  return {
    docker,
    engine,
    project,
    root,
    events,
    stack,
    plan,
    run,
    up: async (containers, options = {}) => {
      const made = await plan(containers, options.force);
      return { plan: made, ...(await run(made, options)) };
    },
    close: async () => {
      await clean();
      await docker.getImage(testboxImage).remove();
      rmSync(root, { recursive: true });
      connection.close();
    },
  };
}

/** A service that runs the test image on a host port. */
export function box(
  role: string,
  port: number,
  args: readonly string[] = [],
  change: Partial<ResolvedContainer> = {},
): ResolvedContainer {
  const plain = testContainer({ role });
  return testContainer({
    role,
    image: { ...plain.image, reference: testboxImage },
    entrypoint: ['/testbox'],
    command: args,
    ports: [
      {
        name: 'http',
        container: { first: 8080, last: 8080 },
        host: { first: port, last: port },
        protocol: 'tcp',
        bind: '127.0.0.1',
        purpose: 'test',
      },
    ],
    health: {
      kind: 'probe',
      probe: { kind: 'http', at: { role, port: 'http' }, fields: { path: '/', status: 200 } },
      command: ['CMD', '/testbox', '-check'],
      intervalSeconds: 10,
      timeoutSeconds: 2,
      retries: 3,
      startPeriodSeconds: 1,
    },
    stop: { signal: 'SIGTERM', graceSeconds: 2 },
    ...change,
  });
}

/** A job that runs the test image to its end. */
export function jobBox(
  role: string,
  args: readonly string[],
  change: Partial<ResolvedContainer> = {},
): ResolvedContainer {
  return box(role, 0, args, {
    kind: 'job',
    ports: [],
    restart: 'no',
    health: { kind: 'exit', timeoutSeconds: 10 },
    ...change,
  });
}

/** The problems that a boot failed with. */
export async function problemsOf(boot: Promise<unknown>): Promise<readonly Problem[]> {
  try {
    await boot;
  } catch (error) {
    if (error instanceof ArcError) return error.problems;
    throw error;
  }
  throw new Error('it should have failed');
}

/** Builds the program and imports it as an image. */
async function importTestbox(docker: Docker): Promise<void> {
  const source = join(import.meta.dirname, '../fixtures/testbox/main.go');
  const folder = mkdtempSync(join(tmpdir(), 'arc-testbox-'));
  try {
    const program = join(folder, 'testbox');
    await promisify(execFile)('go', ['build', '-ldflags', '-s -w', '-o', program, source], {
      env: { ...process.env, CGO_ENABLED: '0' },
    });
    const files = tar.pack();
    files.entry({ name: 'testbox', mode: 0o755 }, readFileSync(program));
    for (const name of ['tmp', 'data']) files.entry({ name, type: 'directory', mode: 0o1777 });
    files.finalize();
    const [repo = '', tag] = testboxImage.split(':');
    const answer = await docker.importImage(Readable.from(files), { repo, tag });
    await new Promise((resolve, reject) => {
      answer.on('end', resolve);
      answer.on('error', reject);
      answer.resume();
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}
