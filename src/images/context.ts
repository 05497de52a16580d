import type Docker from 'dockerode';
import type { EventSink } from '../output/event.ts';
import type { Consent } from './recipes/kind.ts';

/** What the images room is given of the outside world. */
export type ImagesContext = {
  docker: Docker;
  emit: EventSink;
  signal: AbortSignal;
  /** Nothing that needs the network is tried. */
  offline: boolean;
  /** Replaces registries: `{ "docker.io": "mirror.example" }`. */
  mirrors: Readonly<Record<string, string>>;
  /** Folder that built bases are kept in; usually `defaultCacheDirectory()`. */
  cacheDirectory: string;
  /** For Docker's configuration and for the tools that recipes run; usually `process.env`. */
  environment: Readonly<Record<string, string | undefined>>;
  /** Asked before a tool that a recipe needs is installed on this machine. */
  consent?: Consent;
};
