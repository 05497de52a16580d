// What a container needs of its surroundings: files, data, limits, a place for its output.

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

export type VolumeManifest = { name: string; target: string; format?: VolumeFormat };

/** Where data says which version of its program wrote it. */
export type VolumeFormat = {
  /** Relative to the volume's target; `*` in the last name stands for any characters. The first that exists counts. */
  files: readonly string[];
  /** Matched against the first bytes of the file, as Latin-1; its first group is the version. */
  pattern: string;
  /** The newest version that the program reads, by what its base is made from. */
  reads: { upstream: number; recipe?: number };
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
