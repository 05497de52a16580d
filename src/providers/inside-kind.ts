import type { Address as HostPort, PortName } from '../core/address.ts';
import type { Decider, InsideDriver } from '../core/driver.ts';
import type { ResolvedContainer } from '../stack/model.ts';
import type { ResolvedProvision } from '../stack/provision.ts';

/**
 * A kind of thing inside a server, as `provision:` of a manifest names it. The pure half is here at once; what talks
 * to the server is loaded when there is something to talk about.
 *
 * @typeParam Spec what is wanted of one of them
 * @typeParam Access how arc gets into its server: the port, and keys
 * @typeParam Server a client of that server
 */
export type InsideKind<Spec = unknown, Access extends InsideAccess = InsideAccess, Server = unknown> = {
  /** The kind in manifests: `s3.bucket`. */
  provision: string;
  /** The kind of its resources: `bucket`. */
  kind: string;
  /** A manifest's fields, which its schema has checked, as what is wanted. */
  spec(provision: ResolvedProvision): Spec;
  /** The keys of the server are those of a probe that its manifest declares; nothing where it declares none. */
  access(server: ResolvedContainer): Access | undefined;
  decider(project: string): Decider<Spec>;
  load(): Promise<InsideClient<Spec, Access, Server>>;
};

export type InsideAccess = { at: PortName };

export type InsideClient<Spec = unknown, Access = unknown, Server = unknown> = {
  driver(project: string): InsideDriver<Spec, unknown, unknown, unknown, Server>;
  /** Nothing is connected before the first call. */
  open(options: { access: Access; address: HostPort }): Server;
};
