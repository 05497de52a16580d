import type { Applied, StepIo } from '../../../core/driver.ts';
import type { Problem } from '../../../core/errors.ts';
import type { EventSink } from '../../../core/event.ts';
import type { ResolvedContainer, ResolvedFolder } from '../../../stack/model.ts';
import type { Owner } from '../../../stack/owner.ts';
import type { BootWaits } from '../boot-waits.ts';
import type { Deaths } from '../deaths.ts';
import type { Engine } from '../engine.ts';
import type { ImageIdentity } from '../hash.ts';

/** What the drivers of the Engine's resources share during a run. */
export type DockerRun = {
  engine: Engine;
  project: string;
  /** Absolute path of the workspace, because containers mount their configuration from there. */
  root: string;
  /** The workspace, for the labels of created resources. */
  owner: Owner;
  emit: EventSink;
  images: ImageSource;
  files: FileSource;
  reloads: ReloadSource;
  waits: BootWaits;
  deaths: Deaths;
};

/** Pulls and builds images. */
export type ImageSource = {
  /** Pulls or builds an image. @returns the reason if that fails; undefined on success */
  bring: (reference: string) => Promise<Problem | 'interrupted' | undefined>;
  /** The facts about an image that arc is about to create a container from. */
  identify: (reference: string) => ImageIdentity;
};

/** Writes files of the workspace on disk. Paths are relative to it. */
export type FileSource = {
  write: (path: string) => Promise<void>;
  /** Writes a new certificate with its key, by its name. */
  keep: (certificate: string) => Promise<void>;
  remove: (path: string) => Promise<void>;
  /** Makes it readable for containers. */
  open: (path: string) => Promise<void>;
};

/** Has running programs load their changed files. */
export type ReloadSource = {
  /** @throws ArcError `not-reloaded` if the program does not prove that it has loaded them */
  reload: (options: {
    container: ResolvedContainer;
    folder: ResolvedFolder;
    io: Pick<StepIo, 'signal' | 'progress'>;
  }) => Promise<Applied>;
};
