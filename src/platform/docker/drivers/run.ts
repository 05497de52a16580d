import type { Problem } from '../../../core/errors.ts';
import type { EventSink } from '../../../core/event.ts';
import type { Owner } from '../../../stack/owner.ts';
import type { BootWaits } from '../boot-waits.ts';
import type { Deaths } from '../deaths.ts';
import type { Engine } from '../engine.ts';
import type { ImageIdentity } from '../hash.ts';

/** What drivers of things on the Engine share while a plan is carried out. */
export type DockerRun = {
  engine: Engine;
  project: string;
  /** Absolute path of the workspace, for configuration is mounted from there. */
  root: string;
  /** The workspace, for the labels of what is made. */
  owner: Owner;
  emit: EventSink;
  images: ImageSource;
  files: FileSource;
  waits: BootWaits;
  deaths: Deaths;
};

/** Whoever knows how images get onto the Engine. */
export type ImageSource = {
  /** Pulls or builds an image. @returns why it is not there; nothing if it is */
  bring: (reference: string) => Promise<Problem | 'interrupted' | undefined>;
  /** What is known of an image that a container is made from now. */
  identify: (reference: string) => ImageIdentity;
};

/** Whoever knows the workspace on disk. Paths are relative to it. */
export type FileSource = {
  write: (path: string) => Promise<void>;
  /** Lets containers read it. */
  open: (path: string) => Promise<void>;
};
