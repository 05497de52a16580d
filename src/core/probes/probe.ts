import type { Address } from '../address.ts';

/** What a probe saw, in a form fit for people: `GET http://127.0.0.1:7880/: 406 Not Acceptable`. Never holds a secret. */
export type ProbeAnswer = {
  ok: boolean;
  /** One line: what was asked of whom, and what came back. */
  answer: string;
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

/** A strategy that asks a port, which it is told the way to: it neither knows nor finds out where a container is. */
export type PortProber<P> = (options: {
  probe: P;
  address: Address;
  timeoutMilliseconds: number;
  signal: AbortSignal;
}) => Promise<ProbeAnswer>;
