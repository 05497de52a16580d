/** A range of host ports to bind; `first` equals `last` for a single port. */
export type WantedPort = {
  protocol: 'tcp' | 'udp';
  /** Address of this machine, IPv4 or IPv6: `127.0.0.1`, `0.0.0.0`, `::`. */
  bind: string;
  first: number;
  last: number;
};

/** The published ports of one running container. */
export type PublishingContainer = {
  name: string;
  /** It belongs to the same project, so its ports are no conflict. */
  own: boolean;
  ports: readonly WantedPort[];
};

/** Who holds a port, as far as this machine can tell. */
export type Holder =
  | { kind: 'process'; name: string; pid: number }
  | { kind: 'container'; name: string }
  /** Another Engine's or a Swarm's port: its proxy is known, the container behind it is not. */
  | { kind: 'proxy'; name: string; pid: number }
  /** There is a holder, and this user may not know more than whose process it is. */
  | { kind: 'hidden'; user: string }
  | { kind: 'unknown'; reason: string };

/** One stretch of a wanted port that one holder has. */
export type HeldPort<P extends WantedPort> = {
  wanted: P;
  first: number;
  last: number;
  /** The address that the holder is bound to. */
  bind: string;
  holder: Holder;
};
