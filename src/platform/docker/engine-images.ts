import type { Readable } from 'node:stream';
import type { EngineMessage } from './engine-stream.ts';
import type { ObservedImage, ObservedImages } from './observed-images.ts';
import type { TracedImage } from './trace-images.ts';

/**
 * arc's requests to a Docker Engine about images, one method each. Short requests fail with an ArcError that names the
 * request; long work fails with the Engine's own words (`engineReason`).
 */
export type EngineImages = {
  /** Platform of the Engine's images: `linux`, `amd64`. */
  os: string;
  architecture: string;
  /** Looks several references up. The one place that reads the Engine's list by name. */
  observe: (references: Iterable<string>) => Promise<ObservedImages>;
  /** The same images, with no digests but those that a registry has. */
  trace: (options: {
    names: readonly string[];
    observed: ObservedImages;
  }) => Promise<(name: string) => TracedImage | undefined>;
  /** @param pattern of repositories, as the Engine lists them: `redis`, `arc-base/*` */
  list: (patterns: readonly string[]) => Promise<readonly ObservedImage[]>;
  /** All images, including unnamed ones, with their parents; and the images of containers. */
  lineage: () => Promise<{
    images: readonly (ObservedImage & { parent: string })[];
    containers: readonly { id: string; image: string }[];
  }>;
  /** `undefined` if there is no such image. */
  inspect: (reference: string) => Promise<InspectedImage | undefined>;
  /** The last build step of an image; undefined if the image is gone. */
  lastStep: (id: string) => Promise<string | undefined>;
  /** Whether there is such an image; it has the other name then, too. */
  tag: (options: { reference: string; repository: string; tag: string }) => Promise<boolean>;
  remove: (reference: string) => Promise<void>;
  /** Removes the image but not its parents. An image that is gone or in use is not an error. */
  removeUnused: (id: string) => Promise<void>;
  pull: (options: { reference: string; login: EngineLogin | undefined } & Following) => Promise<void>;
  push: (
    options: { repository: string; tag: string | undefined; login: EngineLogin | undefined } & Following,
  ) => Promise<void>;
  /** @param options.context a tar archive with a Dockerfile */
  build: (
    options: { name: string; context: Buffer; args: Readonly<Record<string, string>> } & Following,
  ) => Promise<void>;
  /** @param options.archive as `docker save` writes it; made when the Engine is ready to read it */
  load: (options: { archive: () => Readable } & Following) => Promise<void>;
  save: (options: { names: readonly string[]; signal: AbortSignal }) => Promise<Readable>;
  /** How the Engine reaches registries. */
  network: () => Promise<EngineNetwork>;
};

/** How long work is followed. */
export type Following = {
  /** The longest silence, after which the Engine or what it waits for is taken for stuck. */
  idleMilliseconds: number;
  signal: AbortSignal;
  onMessage: (message: EngineMessage) => void;
};

export type InspectedImage = {
  id: string;
  /** With their tags. */
  names: readonly string[];
  labels: Readonly<Record<string, string>>;
  os: string;
  architecture: string;
  variant?: string;
};

/** A login in the form that the Engine takes. */
export type EngineLogin =
  | { username: string; password: string; serveraddress: string }
  | { identitytoken: string; serveraddress: string };

export type EngineNetwork = {
  /** It does not run on this machine, according to its address. */
  remote: boolean;
  proxy: boolean;
  /** It has mirrors of Docker Hub. */
  mirrored: boolean;
  /** Registries that it speaks plain HTTP to. */
  insecure: readonly string[];
};
