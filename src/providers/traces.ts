import type { SocketAddress } from '../core/socket-address.ts';
import type { Span } from '../core/spans/span.ts';

/** How a server that keeps traces is asked; each throws the error of the connection, or one with the server's words. */
export type TraceTools = {
  /** All spans of a trace, in order of their begin; none if there is no such trace. */
  spansOf: (options: TraceQuestion & { traceId: string }) => Promise<readonly Span[]>;
  /** The services that there are spans of. */
  services: (options: TraceQuestion) => Promise<readonly string[]>;
  /**
   * All spans of the newest traces that a service has a part in.
   *
   * @param options.between first and last moment of their begin, in milliseconds since 1970
   * @param options.count most traces
   */
  newest: (
    options: TraceQuestion & { service: string; between: readonly [number, number]; count: number },
  ) => Promise<readonly Span[]>;
};

export type TraceQuestion = { address: SocketAddress; signal: AbortSignal };
