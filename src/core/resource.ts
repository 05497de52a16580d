/** Names one resource of a project: `container/arc-cache`, `bucket/recordings`. */
export type Address = `${string}/${string}`;

/**
 * Something that arc makes and keeps right: an image, a network, a container, a bucket in a running storage. It says
 * what is wanted; what is there is a {@link Seen} of its driver.
 */
export type Resource<Spec = unknown> = {
  address: Address;
  /** Which driver knows it: the part of the address before the first slash. */
  kind: string;
  spec: Spec;
  /** Role of the service that declares it; absent on what the whole project shares. */
  owner?: string;
  needs: readonly Need[];
  /** The server that holds it. It can be observed only while that server answers, and is made once it is ready. */
  inside?: Address;
  /** What the plan refuses to do to it, because its manifest says so. */
  keep?: readonly ('change' | 'replace' | 'delete')[];
};

/**
 * What one resource needs of another, and for which moment of its own life.
 *
 * - `make`: before it is made. A container needs its image, its network, its volumes, its config files.
 * - `start`: before it is started. An ingress needs its cache, or its process ends at once.
 * - `ready`: before it is asked whether it is ready. An ingress needs its server, and starts beside it.
 *
 * When things are stopped and removed, the same needs run backwards: dependents stop first, and a volume is removed
 * after the container that mounts it.
 */
export type Need = { on: Address; for: 'make' | 'start' | 'ready' };

/** What is there of a resource, as its driver observed it. */
export type Seen<State = unknown> = {
  state: State;
  /** What it needs by what is written on it, so that it is stopped before that; its manifest may be gone. */
  needs: readonly Need[];
};

/** `container` and `arc-cache` as `container/arc-cache`. */
export function addressOf(kind: string, name: string): Address {
  return `${kind}/${name}`;
}

/** The driver's kind of an address. */
export function kindOf(address: Address): string {
  return address.slice(0, address.indexOf('/'));
}

/** The name that people know of an address: everything after the first slash, for names may have slashes. */
export function nameOf(address: Address): string {
  return address.slice(address.indexOf('/') + 1);
}

/** All that a resource needs; what is inside a server needs that server. */
export function needsOf({ needs, inside }: Pick<Resource, 'needs' | 'inside'>): readonly Need[] {
  return inside === undefined ? needs : [...needs, { on: inside, for: 'make' }];
}
