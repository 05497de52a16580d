import type { SocketAddress } from '../core/socket-address.ts';
import type { Server } from './provider.ts';

/** What a worker says of itself. `name`: what a dispatch has to name; empty where it takes every room. */
export type WorkerInfo = { name: string; conversations: number; sdk: string };

/** How a worker that holds conversations is asked. */
export type WorkerTools = {
  /** @throws what the connection throws, or an error with what came instead of an answer */
  info: (question: { address: SocketAddress; signal: AbortSignal }) => Promise<WorkerInfo>;
};

/** An agent in a room. `job`: its session, where the server still knows which; `state`: what it does, if it says so. */
export type RoomAgent = { identity: string; job?: string; name?: string; state?: string };

/** An order to bring an agent into a room. `job` is absent while no worker has taken it. */
export type Dispatch = { id: string; name: string; createdAt: Date; job?: { id: string; error?: string } };

export type AgentRoom = {
  room: string;
  /** Who is neither an agent nor hidden. */
  people: number;
  agents: readonly RoomAgent[];
  dispatches: readonly Dispatch[];
};

/** What became of an order to say something. */
export type SayOutcome = 'said' | 'interrupted' | 'refused' | 'unanswered';

/** What `arc agents` does through a server whose rooms agents join. Each throws what the API throws. */
export type AgentTools = {
  rooms: (question: AgentQuestion) => Promise<readonly AgentRoom[]>;
  /** Waits until a worker has taken the order, or `patience` is over; an order that nobody took is withdrawn. */
  dispatch: (
    question: AgentQuestion & { room: string; name: string; metadata: string; patience: number },
  ) => Promise<Dispatch>;
  /**
   * Has an agent say a sentence, and waits until it has.
   *
   * @param options.patience milliseconds
   */
  say: (
    question: AgentQuestion & { room: string; identity: string; text: string; patience: number },
  ) => Promise<SayOutcome>;
};

export type AgentQuestion = { server: Server; address: SocketAddress; signal: AbortSignal };
