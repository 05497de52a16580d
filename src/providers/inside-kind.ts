import type { Fields } from '../core/data.ts';
import type { Decider, InsideDriver } from '../core/driver.ts';
import type { SourceLocation } from '../core/errors.ts';
import type { Address } from '../core/resource.ts';
import type { SocketAddress } from '../core/socket-address.ts';

/** Something else in the same server. `spec`: as its kind made it. */
export type InsideThing = { address: Address; kind: string; spec: unknown };

/** A file of the service's folder, byte by byte. `path`: relative to that folder; `sha256`: of the content, in hex. */
export type InsideFile = { path: string; content: Uint8Array; sha256: string };

/**
 * A kind of object inside a server, named in `provision:` of a manifest. The pure part is always loaded; the part that
 * talks to the server is loaded on demand.
 *
 * Methods use method syntax, so that one kind fits into a list of all kinds.
 *
 * @typeParam Spec what is wanted of one of them
 * @typeParam Server a client of the server that it is in
 */
export type InsideKind<Spec = unknown, Server = unknown> = {
  /** The kind in manifests: `s3.bucket`. Before the dot stands the provider. */
  provision: string;
  /** The kind of its resources: `bucket`. */
  kind: string;
  /** The wanted object, from a manifest's fields, which the schema has checked, and the files that it names. */
  spec(provision: {
    name: string;
    fields: Fields;
    files: readonly InsideFile[];
    /** Position in the manifest. */
    location: SourceLocation;
  }): Spec;
  /**
   * What has to be there before it, of what manifests provision in the same server.
   *
   * @param others all that they do
   */
  needs?(spec: Spec, others: readonly InsideThing[]): readonly Address[];
  decider(project: string): Decider<Spec>;
  load(): Promise<InsideClient<Spec, Server>>;
};

export type InsideClient<Spec = unknown, Server = unknown> = {
  driver(project: string): InsideDriver<Spec, unknown, unknown, unknown, Server>;
  /**
   * Opens a client of a server. Nothing is connected before its first call.
   *
   * @param options.fields of a probe of the server, which holds its keys
   */
  open(options: { role: string; fields: Fields; address: SocketAddress }): Server;
};
