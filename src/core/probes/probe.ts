import type { Fields } from '../data.ts';
import type { Answer } from '../event.ts';
import type { PortName, Reached, SocketAddress } from '../socket-address.ts';

/**
 * A complete question for a port. The platform finds the address of the port when the question is asked, because it may
 * be on another machine or unpublished.
 */
export type PortProbe = {
  /** Which {@link ProbeKind} asks it: `http`, `livekit`. */
  kind: string;
  at: PortName;
  /** As the kind's schema has them. */
  fields: Fields;
};

/** The question and the reply of a probe, one line each. Never contains a secret. */
export type ProbeAnswer = Answer & {
  /** Milliseconds from asking to the answer. */
  milliseconds: number;
  /** Set if the probe could not run, because something optional is not installed on this machine. */
  missing?: true;
  /** Set if the answer is good, but somebody has to act, as it says. */
  warns?: true;
  /** Set if nobody can know the answer yet; the reply says when. It is neither good nor bad. */
  unknown?: true;
  /** How many milliseconds ago it was true, where a server gave its last answer instead of a new one. */
  age?: number;
};

/** One readiness strategy: asks once and answers within `timeoutMilliseconds`; never throws. */
export type Prober<P> = (options: {
  probe: P;
  timeoutMilliseconds: number;
  /** Asks for a new answer, where without it the server's last one is enough. */
  deep?: boolean;
  signal: AbortSignal;
}) => Promise<ProbeAnswer>;

/** One question of a kind, and the way to the port. */
export type Question = {
  fields: Fields;
  address: SocketAddress;
  timeoutMilliseconds: number;
  /** Whether a slow question has to be asked anew. */
  deep?: boolean;
  signal: AbortSignal;
  /** The way to another port: of the same container by its name, or of any. Absent if a stack is not asked. */
  way?: (port: string | PortName) => Promise<Reached>;
  /** PEM certificates of authorities that are believed beside those that this machine believes. */
  believed?: readonly string[];
};

/** A kind of probe that asks a port. It gets the way to the port and does not find the container itself. */
export type ProbeKind = {
  /** The name in manifests. Its fields are those of `<kind>_probe` in schemas/service.schema.json. */
  kind: string;
  /** Asks once and answers within `timeoutMilliseconds`; never throws. */
  ask: (question: Question) => Promise<ProbeAnswer>;
  /** For a question that may take longer than a look at health; undefined for one that is always answered soon. */
  slow?: (fields: Fields) => Slow | undefined;
};

/** How a slow question is dealt with: `arc health` asks it only with `--deep`. */
export type Slow = {
  /** Milliseconds that its answer may take. */
  longest: number;
  /**
   * Milliseconds for which arc believes the last answer. Absent where the server knows its last answer itself: then it
   * is asked for that one, with its age.
   */
  believedFor?: number;
};
