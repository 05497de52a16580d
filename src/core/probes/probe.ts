import type { Fields } from '../data.ts';
import type { Answer } from '../event.ts';
import type { PortName, Reached, SocketAddress } from '../socket-address.ts';

/**
 * A question with all its values, to be asked at a port. Where that port is, the platform says when it is asked, because
 * that may be another machine, and no port need be published.
 */
export type PortProbe = {
  /** Which {@link ProbeKind} asks it: `http`, `livekit`. */
  kind: string;
  at: PortName;
  /** As the kind's schema has them. */
  fields: Fields;
};

/** What a probe asked of whom, and what came back, a line each. Never holds a secret. */
export type ProbeAnswer = Answer & {
  /** Milliseconds from asking to the answer. */
  milliseconds: number;
  /** Set where the question could not even be asked, for something optional is not installed on this machine. */
  missing?: true;
};

/** One readiness strategy: asks once and answers within `timeoutMilliseconds`; never throws. */
export type Prober<P> = (options: {
  probe: P;
  timeoutMilliseconds: number;
  signal: AbortSignal;
}) => Promise<ProbeAnswer>;

/** One question of a kind, and the way to whom it is asked. */
export type Question = {
  fields: Fields;
  address: SocketAddress;
  timeoutMilliseconds: number;
  signal: AbortSignal;
  /** The way to another port of the same container, by its name; absent where a stack is not asked. */
  way?: (port: string) => Promise<Reached>;
};

/** A kind of probe that asks a port. It is told the way there: it neither knows nor finds out where a container is. */
export type ProbeKind = {
  /** As manifests name it. Its fields are those of `<kind>_probe` in schemas/service.schema.json. */
  kind: string;
  /** Asks once and answers within `timeoutMilliseconds`; never throws. */
  ask: (question: Question) => Promise<ProbeAnswer>;
};
