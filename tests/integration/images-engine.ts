import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type Docker from 'dockerode';
import { stepWords } from '../../src/cli/output/words.ts';
import type { ArcEvent } from '../../src/core/event.ts';
import type { ImagesContext } from '../../src/images/context.ts';
import type { ImageRequest } from '../../src/images/model.ts';
import type { FixedStep } from '../../src/images/recipes/fixed-step.ts';
import type { BasePolicy } from '../../src/manifest/model.ts';
import { connectDocker } from '../../src/platform/docker/connect.ts';
import { dockerImages } from '../../src/platform/docker/docker-images.ts';
import { pruneReplacedImages } from '../support/replaced-images.ts';
import { bringTinyBases, linkBases, tinyRecipe } from '../support/tiny-bases.ts';
import { request } from './images-requests.ts';

/** The real Engine, a cache of the test's own, and what was reported. */
export type TestBench = {
  docker: Docker;
  folder: string;
  context: ImagesContext;
  events: ArcEvent[];
  /** Calls made to the Engine since the last time it was asked. */
  countCalls: () => number;
  /** Removes what the test brought to the Engine and to the disk. */
  close: () => Promise<void>;
};

/** A wrapper around the tiny base. */
export function tinyRequest(options: {
  policy: BasePolicy;
  name?: string;
  recipe?: readonly FixedStep[];
}): ImageRequest {
  const { policy, name = 'tiny', recipe = tinyRecipe } = options;
  return request({
    role: name,
    policy,
    ...(recipe.length > 0 ? { recipe } : {}),
    image: {
      reference: `arc-test.invalid/${name}:latest`,
      upstream: `docker.io/arc-test/${name}:1.0`,
      user: '65532:65532',
      owned: ['/data'],
      labels: { 'arc.service.role': name },
    },
  });
}

/** @param options.cache `empty`: the tiny bases have to be made, which needs a network */
export async function openBench(options: { cache?: 'empty' } = {}): Promise<TestBench> {
  const connected = await connectDocker({ environment: process.env, deadlineMilliseconds: 5000 });
  const { docker, close } = connected;
  const before = await tags(docker);
  const folder = mkdtempSync(join(tmpdir(), 'arc-images-'));
  if (options.cache === undefined) {
    linkBases({ cacheDirectory: join(folder, 'cache'), folders: await bringTinyBases(docker) });
  }
  const events: ArcEvent[] = [];
  let calls = 0;
  const modem = docker.modem as unknown as { dial: (...rest: unknown[]) => unknown };
  const dial = modem.dial.bind(modem);
  modem.dial = (...rest) => {
    calls += 1;
    return dial(...rest);
  };
  return {
    docker,
    folder,
    events,
    context: {
      engineImages: dockerImages(connected),
      emit: (event) => events.push(event),
      signal: new AbortController().signal,
      offline: false,
      mirrors: {},
      cacheDirectory: join(folder, 'cache'),
      environment: process.env,
    },
    countCalls: () => {
      const made = calls;
      calls = 0;
      return made;
    },
    close: async () => {
      for (const tag of await tags(docker))
        if (!before.has(tag)) await docker.getImage(tag).remove({ force: true });
      await pruneReplacedImages(docker);
      rmSync(folder, { recursive: true, force: true });
      close();
    },
  };
}

async function tags(docker: Docker): Promise<ReadonlySet<string>> {
  const images = await docker.listImages();
  return new Set(images.flatMap(({ RepoTags }) => RepoTags ?? []).filter((tag) => tag !== '<none>:<none>'));
}

/** Every event of a step in the words that a person reads: `phase subject action: detail`. */
export function stepLines(events: readonly ArcEvent[]): readonly string[] {
  return events.flatMap((event) => {
    if (event.type !== 'step') return [];
    const { subject, action, detail = '' } = stepWords(event);
    return [`${event.phase} ${subject} ${action}: ${detail}`];
  });
}

/** Runs a command in a new container to its end, and gives what it wrote. */
export async function runIn(
  docker: Docker,
  image: string,
  command: readonly string[],
  options: { workingDir?: string } = {},
): Promise<string> {
  const [program = '', ...rest] = command;
  const container = await docker.createContainer({
    Image: image,
    Entrypoint: [program],
    Cmd: rest,
    Tty: true,
    WorkingDir: options.workingDir ?? '',
    // Programs that ask a better terminal for its colours wait five seconds for the answer.
    Env: ['TERM=dumb'],
  });
  try {
    await container.start();
    const { StatusCode } = (await container.wait()) as { StatusCode: number };
    // dockerode takes output that looks like JSON for JSON.
    const output = String(await container.logs({ stdout: true, stderr: true }));
    if (StatusCode !== 0) throw new Error(`${command.join(' ')} exited with ${StatusCode}: ${output}`);
    return output;
  } finally {
    await container.remove({ force: true, v: true });
  }
}

/** A server in a new container, which has said that it is ready. */
export type Running = {
  /** Runs a command beside it to its end, and gives what it wrote. */
  run: (command: readonly string[]) => Promise<string>;
  remove: () => Promise<void>;
};

/**
 * Starts a server in a new container, and waits for a line of it.
 *
 * @throws Error with all that it wrote, where it ends before
 */
export async function startIn(options: {
  docker: Docker;
  image: string;
  command: readonly string[];
  workingDir?: string;
  until: RegExp;
}): Promise<Running> {
  const { docker, image, workingDir = '', until } = options;
  const [program = '', ...rest] = options.command;
  const container = await docker.createContainer({
    Image: image,
    Entrypoint: [program],
    Cmd: rest,
    Tty: true,
    WorkingDir: workingDir,
    Env: ['TERM=dumb'],
  });
  const remove = () => container.remove({ force: true, v: true });
  try {
    await container.start();
    const output = await container.logs({ follow: true, stdout: true, stderr: true });
    let written = '';
    for await (const chunk of output) {
      written += String(chunk);
      if (until.test(written)) break;
    }
    if (!until.test(written)) throw new Error(`${program} ended: ${written}`);
  } catch (cause) {
    await remove();
    throw cause;
  }
  const run = async (command: readonly string[]) => {
    const call = await container.exec({
      Cmd: [...command],
      AttachStdout: true,
      AttachStderr: true,
      Tty: true,
      WorkingDir: workingDir,
    });
    let written = '';
    for await (const chunk of await call.start({ Tty: true })) written += String(chunk);
    const { ExitCode } = await call.inspect();
    if (ExitCode !== 0) throw new Error(`${command.join(' ')} exited with ${ExitCode}: ${written}`);
    return written;
  };
  return { run, remove };
}
