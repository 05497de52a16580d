import { Readable } from 'node:stream';
import type Docker from 'dockerode';
import { call } from './call.ts';
import type { DockerConnection } from './connect.ts';
import { type EngineInfo, infoOf } from './docker-info.ts';
import { statusOf } from './engine-error.ts';
import type { EngineImages, EngineNetwork, InspectedImage } from './engine-images.ts';
import { followEngine } from './engine-stream.ts';
import { indexImages, type ObservedImages, readImage, repositoriesOf } from './observed-images.ts';
import type { EngineRequest } from './refusal.ts';
import { type ImageOrigin, traceImages } from './trace-images.ts';

/** A connected Engine, for its images. */
type Connected = Pick<DockerConnection, 'docker' | 'os' | 'architecture' | 'apiVersion' | 'remote'> & {
  info?: () => Promise<EngineInfo>;
};

/** The images of the Engine behind a dockerode connection. */
export function dockerImages(connected: Connected): EngineImages {
  const { docker, os, architecture, apiVersion } = connected;
  return {
    os,
    architecture,
    observe: (references) => observeImages({ docker, references }),
    trace: (options) => traceImages({ ...options, apiVersion, origin: (id) => originOf(docker, id) }),
    list: async (patterns) => (await list({ docker, patterns })).map(readImage),
    lineage: async () => {
      const [images, containers] = await Promise.all([
        list({ docker }),
        call({
          request: { verb: 'list', object: 'its containers' },
          run: (abortSignal) => docker.listContainers({ all: true, abortSignal }),
        }),
      ]);
      return {
        images: images.map((info) => ({ ...readImage(info), parent: info.ParentId })),
        containers: containers.map(({ Id, ImageID }) => ({ id: Id, image: ImageID })),
      };
    },
    inspect: async (reference) => {
      const info = await unlessMissing(about(reference), () => docker.getImage(reference).inspect());
      return info && readInspection(info);
    },
    lastStep: async (id) => {
      const history = await unlessMissing(about(id), () => docker.getImage(id).history());
      return (history as readonly { CreatedBy?: string }[] | undefined)?.[0]?.CreatedBy;
    },
    tag: async ({ reference, repository, tag }) => {
      const request = { verb: 'tag', object: `the image ${reference}` };
      const tagged = unlessMissing(request, async () => {
        await docker.getImage(reference).tag({ repo: repository, tag });
        return true;
      });
      return (await tagged) ?? false;
    },
    remove: (reference) =>
      call({
        request: { verb: 'remove', object: `the image ${reference}` },
        run: (abortSignal) => docker.getImage(reference).remove({ abortSignal }),
      }),
    removeUnused: (id) =>
      call({
        request: { verb: 'remove', object: `the image ${id}` },
        run: async (abortSignal) => {
          try {
            await docker.getImage(id).remove({ noprune: true, abortSignal });
          } catch (cause) {
            if (![404, 409].includes(statusOf(cause) ?? 0)) throw cause;
          }
        },
      }),
    pull: ({ reference, login, ...following }) =>
      followEngine({
        ...following,
        start: (abortSignal) => docker.createImage(login ?? {}, { fromImage: reference, abortSignal }),
      }),
    push: ({ repository, tag, login, ...following }) =>
      followEngine({
        ...following,
        start: (abortSignal) =>
          // Without a login Engines before 28 want an empty one.
          docker.getImage(repository).push({ tag, authconfig: login ?? {}, abortSignal }),
      }),
    build: ({ name, context, args, ...following }) =>
      followEngine({
        ...following,
        start: (abortSignal) =>
          docker.buildImage(Readable.from([context]), {
            t: name,
            buildargs: { ...args },
            rm: true,
            forcerm: true,
            abortSignal,
          }),
      }),
    load: ({ archive, ...following }) =>
      followEngine({
        ...following,
        start: (abortSignal) => docker.loadImage(archive(), { quiet: true, abortSignal }),
      }),
    save: ({ names, signal }) =>
      (docker as Exporting).getImages({ names: [...names], abortSignal: signal }) as Promise<Readable>,
    network: () => networkOf(connected),
  };
}

/** Looks several references up with one call to the Engine, or none if there are no references. */
export async function observeImages(options: {
  docker: Docker;
  references: Iterable<string>;
}): Promise<ObservedImages> {
  // By repository alone: with a tag in the filter, Engines before 25 leave the digests out.
  const patterns = repositoriesOf(options.references);
  return indexImages(await list({ docker: options.docker, patterns }));
}

/** @param options.patterns of repositories; without them, all images and what they were made from */
async function list(options: { docker: Docker; patterns?: readonly string[] }): Promise<Docker.ImageInfo[]> {
  const { docker, patterns } = options;
  if (patterns?.length === 0) return [];
  const filter = patterns === undefined ? { all: true } : { filters: { reference: patterns } };
  return call({
    request: { verb: 'list', object: 'its images' },
    run: (abortSignal) => docker.listImages({ ...filter, abortSignal } as Docker.ListImagesOptions),
  });
}

/** dockerode's types lack this call. */
type Exporting = Docker & {
  getImages: (options: { names: string[]; abortSignal: AbortSignal }) => Promise<NodeJS.ReadableStream>;
};

function about(reference: string): EngineRequest {
  return { verb: 'inspect', object: `the image ${reference}` };
}

/** A question about an image: nothing if it is gone. */
function unlessMissing<T>(request: EngineRequest, ask: () => Promise<T>): Promise<T | undefined> {
  return call({
    request,
    run: async () => {
      try {
        return await ask();
      } catch (cause) {
        if (statusOf(cause) !== 404) throw cause;
        return undefined;
      }
    },
  });
}

function readInspection(info: Docker.ImageInspectInfo): InspectedImage {
  const { Variant: variant } = info as { Variant?: string };
  return {
    id: info.Id,
    names: info.RepoTags ?? [],
    labels: info.Config.Labels ?? {},
    os: info.Os,
    architecture: info.Architecture,
    ...(variant ? { variant } : {}),
  };
}

/** The caller has just listed the image, so its absence is an error. */
function originOf(docker: Docker, id: string): Promise<ImageOrigin> {
  return call({
    request: about(id),
    run: async () => (await docker.getImage(id).inspect()) as ImageOrigin,
  });
}

async function networkOf({ docker, remote, info: ask = infoOf(docker) }: Connected): Promise<EngineNetwork> {
  const info = await ask();
  const indexes = Object.entries(info.RegistryConfig?.IndexConfigs ?? {});
  return {
    remote,
    proxy: Boolean(info.HttpProxy || info.HttpsProxy),
    mirrored: (info.RegistryConfig?.Mirrors ?? []).length > 0,
    insecure: indexes.filter(([, { Secure }]) => !Secure).map(([name]) => name),
  };
}
