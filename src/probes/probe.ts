/** What a probe saw, in a form fit for people: `HTTP 406 Not Ready`. Never holds a secret. */
export type ProbeAnswer = {
  ok: boolean;
  /** One line: what was asked of whom, and what came back. */
  answer: string;
  /** Milliseconds from asking to the answer. */
  milliseconds: number;
};

/** One readiness strategy: asks once and answers within `timeoutMilliseconds`; never throws. */
export type Prober<P> = (options: {
  probe: P;
  timeoutMilliseconds: number;
  signal: AbortSignal;
}) => Promise<ProbeAnswer>;
