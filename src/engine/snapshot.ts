/** What the Engine says at one moment of everything that belongs, or stands in the way, to one project. */
export type Snapshot = {
  containers: readonly ObservedContainer[];
  networks: readonly { id: string; name: string; project?: string }[];
  volumes: readonly { name: string; project?: string }[];
  /** Image id by reference, for every reference that the stack names and the Engine has. */
  images: Readonly<Record<string, string>>;
};

export type ObservedContainer = {
  id: string;
  name: string;
  /** From arc's labels; absent on a container that arc did not make. */
  project?: string;
  role?: string;
  service?: string;
  /** The versioned hash that the container was made with: `1:3f2a…`. */
  hash?: string;
  /** Hashes of the parts that the hash is made of, so that drift has a cause. */
  parts: Readonly<Record<string, string>>;
  imageId: string;
  state: 'created' | 'running' | 'paused' | 'restarting' | 'exited' | 'dead' | 'removing';
  exitCode?: number;
  networks: readonly string[];
};
