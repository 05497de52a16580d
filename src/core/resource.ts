/** Names one resource of a project: `container/arc-cache`, `bucket/recordings`. */
export type Address = `${string}/${string}`;

/**
 * Something that arc creates and maintains: an image, a network, a container, a bucket in a running storage. A
 * resource is the desired state; its driver observes the actual state as a {@link Seen}.
 */
export type Resource<Spec = unknown> = {
  address: Address;
  /** Names its driver: the part of the address before the first slash. */
  kind: string;
  spec: Spec;
  /** Role of the service that declares it; absent if the whole project shares it. */
  owner?: string;
  needs: readonly Need[];
  /** The server that holds it. arc observes it only while that server answers, and creates it once it is ready. */
  inside?: Address;
  /** Acts that its manifest forbids; the plan refuses them. */
  keep?: readonly ('change' | 'replace' | 'delete')[];
};

/**
 * One resource needs another, from a certain moment of its own life:
 *
 * - `make`: before arc creates it. A container needs its image, its network, its volumes, its config files.
 * - `start`: before arc starts it. An ingress needs its cache, or its process ends immediately.
 * - `ready`: before arc probes its readiness. An ingress needs its server, and starts in parallel with it.
 *
 * Stops and removals follow the same needs backwards: dependents stop first, and arc removes a volume after the
 * container that mounts it.
 */
export type Need = { on: Address; for: 'make' | 'start' | 'ready' };

/** The actual state of a resource, as its driver observed it. */
export type Seen<State = unknown> = {
  state: State;
  /** Its needs, read from its labels, so that it stops before them; its manifest may be gone. */
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

/** The name that people know of an address: everything after the first slash, because names may have slashes. */
export function nameOf(address: Address): string {
  return address.slice(address.indexOf('/') + 1);
}

/** All needs of a resource; a resource inside a server needs that server. */
export function needsOf({ needs, inside }: Pick<Resource, 'needs' | 'inside'>): readonly Need[] {
  return inside === undefined ? needs : [...needs, { on: inside, for: 'make' }];
}
