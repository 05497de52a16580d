import { posix } from 'node:path';
import type { Readable } from 'node:stream';
import type Docker from 'dockerode';
import { call } from './call.ts';
import { watchContainers } from './docker-events.ts';
import { observeImages } from './docker-images.ts';
import { type EngineInfo, infoOf } from './docker-info.ts';
import { readContainer, readInspection, readVolume, usesSelinux } from './docker-read.ts';
import type { Engine } from './engine.ts';
import { answerOf, statusOf } from './engine-error.ts';
import { findStart, searchPath } from './file-start.ts';
import { logLines } from './log-frames.ts';
import { idsOf } from './observed-images.ts';
import { readOwners } from './tar-owners.ts';
import { readUsage } from './usage.ts';

/** The Engine behind a dockerode connection. @param options.info where others ask it the same */
export function dockerEngine(options: { docker: Docker; info?: () => Promise<EngineInfo> }): Engine {
  const { docker, info = infoOf(docker) } = options;
  return {
    listContainers: () =>
      call({
        request: { verb: 'list', object: 'its containers' },
        run: async (abortSignal) =>
          (await docker.listContainers({ all: true, abortSignal })).map(readContainer),
      }),
    listNetworks: () =>
      call({
        request: { verb: 'list', object: 'its networks' },
        run: async (abortSignal) =>
          (await docker.listNetworks({ abortSignal })).map(({ Id, Name, Driver, Labels }) => {
            return { id: Id, name: Name, driver: Driver, labels: Labels ?? {} };
          }),
      }),
    listVolumes: () =>
      call({
        request: { verb: 'list', object: 'its volumes' },
        run: async (abortSignal) =>
          ((await docker.listVolumes({ abortSignal })).Volumes ?? []).map(readVolume),
      }),
    findImages: async (references) => {
      const observed = await observeImages({ docker, references });
      return idsOf({ observed, references });
    },
    usesSelinux: async () => usesSelinux(await info()),
    createNetwork: ({ name, labels }) =>
      call({
        request: { verb: 'create', object: `the network ${name}` },
        run: async (abortSignal) => {
          await docker.createNetwork({
            Name: name,
            Labels: { ...labels },
            CheckDuplicate: true,
            abortSignal,
          });
        },
      }),
    removeNetwork: ({ name }) =>
      call({
        request: { verb: 'remove', object: `the network ${name}` },
        run: (abortSignal) => unlessGone(docker.getNetwork(name).remove({ abortSignal })),
      }),
    createVolume: ({ name, labels }) =>
      call({
        request: { verb: 'create', object: `the volume ${name}` },
        run: async (abortSignal) => {
          await docker.createVolume({ Name: name, Labels: { ...labels }, abortSignal });
        },
      }),
    removeVolume: ({ name }) =>
      call({
        request: { verb: 'remove', object: `the volume ${name}` },
        run: (abortSignal) => unlessGone(docker.getVolume(name).remove({ abortSignal })),
      }),
    createContainer: ({ name, spec }) =>
      call({
        request: { verb: 'create', object: `the container ${name}` },
        run: async (abortSignal) => {
          await docker.createContainer({ ...spec, name, abortSignal });
        },
      }),
    startContainer: ({ name }) =>
      call({
        request: { verb: 'start', object: `the container ${name}` },
        // A container with hundreds of ports takes several seconds.
        limitMilliseconds: 120_000,
        run: async (abortSignal) => {
          await docker.getContainer(name).start({ abortSignal });
        },
      }),
    unpauseContainer: ({ id, name }) =>
      call({
        request: { verb: 'unpause', object: `the container ${name}` },
        run: async (abortSignal) => {
          await docker.getContainer(id).unpause({ abortSignal });
        },
      }),
    stopContainer: ({ id, name, graceSeconds }) =>
      call({
        request: { verb: 'stop', object: `the container ${name}` },
        limitMilliseconds: graceSeconds * 1000 + 30_000,
        run: (abortSignal) => unlessGone(docker.getContainer(id).stop({ t: graceSeconds, abortSignal })),
      }),
    signalContainer: ({ name, signal }) =>
      call({
        request: { verb: 'signal', object: `the container ${name}` },
        run: (abortSignal) => docker.getContainer(name).kill({ signal, abortSignal }),
      }),
    removeContainer: ({ id, name }) =>
      call({
        request: { verb: 'remove', object: `the container ${name}` },
        run: async (abortSignal) => {
          const container = docker.getContainer(id);
          await unlessGone(
            container.remove({ v: true, abortSignal }).catch((cause) => {
              // Somebody else is removing it, so arc only waits until it is gone.
              if (!isBeingRemoved(cause)) throw cause;
              return container.wait({ condition: 'removed', abortSignal });
            }),
          );
        },
      }),
    removeImage: ({ reference }) =>
      call({
        request: { verb: 'remove', object: `the image ${reference}` },
        run: (abortSignal) => unlessGone(docker.getImage(reference).remove({ abortSignal })),
      }),
    removeUnnamedImage: ({ id }) =>
      call({
        request: { verb: 'remove', object: `the image ${id}` },
        run: (abortSignal) => unlessGone(docker.getImage(id).remove({ noprune: true, abortSignal })),
      }),
    inspectContainer: ({ name }) =>
      call({
        request: { verb: 'inspect', object: `the container ${name}` },
        run: async (abortSignal) => {
          try {
            return readInspection(await docker.getContainer(name).inspect({ abortSignal }));
          } catch (cause) {
            if (statusOf(cause) === 404) return undefined;
            throw cause;
          }
        },
      }),
    containerUsage: ({ name }) =>
      call({
        request: { verb: 'look', object: `at what ${name} uses` },
        run: async (abortSignal) => {
          const container = docker.getContainer(name);
          // With `one-shot`, it does not wait for a second sample. The library passes it on; its types do not know.
          const stats = container.stats as (options: object) => Promise<Docker.ContainerStats>;
          try {
            return readUsage(await stats.call(container, { stream: false, 'one-shot': true, abortSignal }));
          } catch (cause) {
            if (statusOf(cause) === 404) return undefined;
            throw cause;
          }
        },
      }),
    listOwners: ({ name, path }) =>
      call({
        request: { verb: 'look', object: `at ${path} of ${name}` },
        limitMilliseconds: 5_000,
        run: async (abortSignal) => {
          const stream = (await docker.getContainer(name).getArchive({ path, abortSignal })) as Readable;
          try {
            return await readOwners({ stream, entries: 100, bytes: 4 * 2 ** 20 });
          } finally {
            stream.destroy();
          }
        },
      }),
    readStart: ({ name, path, length }) =>
      call({
        request: { verb: 'read', object: `${path} of ${name}` },
        limitMilliseconds: 10_000,
        run: async (abortSignal) => {
          const { ask, isIt } = searchPath(path);
          const archive = docker.getContainer(name).getArchive({ path: ask, abortSignal });
          const stream = (await archive.catch((cause: unknown) => {
            if (isWithoutFile(cause)) return undefined;
            throw cause;
          })) as Readable | undefined;
          if (stream === undefined) return undefined;
          try {
            const found = await findStart({ stream, isIt, length });
            if (found === undefined) return undefined;
            return { path: `${posix.dirname(ask)}/${found.name}`.replace('//', '/'), bytes: found.bytes };
          } finally {
            stream.destroy();
          }
        },
      }),
    imageLabels: ({ image: name }) =>
      call({
        request: { verb: 'inspect', object: `the image ${name}` },
        run: async (abortSignal) => {
          const image = docker.getImage(name);
          // The library takes options here as everywhere; its types do not know.
          const inspect = image.inspect as (options: object) => Promise<Docker.ImageInspectInfo>;
          return (await inspect.call(image, { abortSignal })).Config.Labels ?? {};
        },
      }),
    tailLogs: ({ name, lines, since }) =>
      call({
        request: { verb: 'read', object: `the log of ${name}` },
        limitMilliseconds: 5_000,
        run: async (abortSignal) => {
          const container = docker.getContainer(name);
          const output = await container.logs({
            stdout: true,
            stderr: true,
            tail: lines,
            follow: false,
            ...(since === undefined ? {} : { since: Date.parse(since) / 1000 }),
            abortSignal,
          });
          const found: string[] = [];
          const reader = logLines(({ line }) => found.push(line));
          reader.push(output);
          reader.end();
          return found;
        },
      }),
    watchContainers: (options) => watchContainers({ docker, ...options }),
  };
}

/** Being gone already is what was wanted; so is having stopped (304). */
async function unlessGone(answer: Promise<unknown>): Promise<void> {
  try {
    await answer;
  } catch (cause) {
    const status = statusOf(cause);
    if (status !== 404 && status !== 304) throw cause;
  }
}

/**
 * `Could not find the file /data/dump.rdb in container arc-cache`: the container itself is there, whatever the client
 * library says of each 404.
 */
function isWithoutFile(cause: unknown): boolean {
  return statusOf(cause) === 404 && !/no such container/i.test(answerOf(cause));
}

/** `removal of container … is already in progress`. */
function isBeingRemoved(cause: unknown): boolean {
  return statusOf(cause) === 409 && /already in progress/.test(String((cause as Error).message));
}
