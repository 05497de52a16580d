// What a container needs from its surroundings: files, data, limits, a place for its output.

import type { SourceLocation } from '../core/errors.ts';

export type ConfigManifest = {
  /** Liquid template in the service's folder. */
  template: string;
  /** Name of the generated file, in the service's folder. */
  file: string;
  /** Absolute path in the container, mounted read-only. */
  target: string;
  /** Name of a schema in schemas/upstream/ (without `.schema.json`) that the rendered file must satisfy. */
  schema?: string;
};

/** A secret as a file, byte for byte. */
export type SecretFileManifest = { secret: string; file: string; target: string };

/** A folder below the service's that is mounted as a whole. */
export type FolderManifest = {
  /** Relative to the service's folder: `dashboards`. Either all of its files are templates (`.liquid`), or none is. */
  folder: string;
  target: string;
  /** How the program takes in a change; without it a changed file makes a new container. */
  reload?: ReloadManifest;
  /** Rendered and reloaded also by boots that do not include the container, because it tells of others. */
  follows: boolean;
  location: SourceLocation;
};

export type ReloadManifest = { proof: ProofManifest } & (
  | { kind: 'signal'; signal: string }
  | { kind: 'http'; port: string; path: string; method: 'POST' | 'PUT' | 'GET' }
  /** The program watches the folder. */
  | { kind: 'watch' }
);

/** How the program itself reports what it has loaded. */
export type ProofManifest = {
  port: string;
  path: string;
  /** Its first group is the mark. */
  pattern: string;
  /**
   * `time`: not older than the newest file of the folder. `digest`: the SHA-256 of `file`; `json`: of its data, as
   * canonicalJson writes it, and a line end.
   */
  mark: 'time' | 'digest' | 'json';
  file?: string;
};

export type VolumeManifest = { name: string; target: string; format?: VolumeFormat };

/** Where data says which version of its program wrote it. */
export type VolumeFormat = {
  /** Relative to the volume's target; `*` in the last name stands for any characters. The first that exists counts. */
  files: readonly string[];
  /** Matched against the first bytes of the file, as Latin-1; its first group is the version. */
  pattern: string;
  /** The newest version that the program reads, by the source of its base. */
  reads: { upstream: number; recipe?: number };
  /** It reads no older version either. */
  exact: boolean;
};

export type ResourcesManifest = {
  /** Bytes. */
  memory?: number;
  cpus?: number;
  pids?: number;
  /** Bytes of /dev/shm. */
  shm?: number;
  /** By name, in order of name. */
  ulimits?: Readonly<Record<string, Ulimit>>;
};

/** -1 is unlimited. */
export type Ulimit = { soft: number; hard: number };

/** What the Engine does with a container's output. */
export type LoggingManifest = { driver: string; options: Readonly<Record<string, string>> };
