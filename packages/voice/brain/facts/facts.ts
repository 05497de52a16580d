import type { DocsSearch } from '../docs/search.ts';
import type { Keeper } from '../memory/keeper.ts';

/** A room, and who is in it. Agents and recorders are not people. */
export type RoomFact = { name: string; people: readonly string[] };

export type RecordingFact = { id: string; room: string; startedAt: Date | undefined };

/** How one service is. */
export type ServiceFact = { name: string; healthy: boolean };

/**
 * What this brain may ask: what its own rights reach, and nothing of the Engine.
 *
 * @throws Error where the one who knows is away
 */
export type Facts = {
  rooms(): Promise<readonly RoomFact[]>;
  recordings(room: string): Promise<readonly RecordingFact[]>;
  startRecording(room: string): Promise<RecordingFact>;
  stopRecording(id: string): Promise<void>;
  /** Streams that come in, by name. */
  streams(): Promise<readonly { name: string; live: boolean }[]>;
  /** Undefined where nobody knows of any. `gap`: why others may be missing. */
  services(): Promise<
    | { all: readonly ServiceFact[]; gap: 'no-metrics' | 'metrics-away' | 'heartbeats-not-yet' | undefined }
    | undefined
  >;
  /** What a person said before. */
  recall: Keeper['recall'];
  /** What the documentation says. @throws Error where the embedder is away */
  search: DocsSearch['search'];
  now(): Date;
};
