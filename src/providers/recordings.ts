import type { Reach } from '../core/socket-address.ts';
import type { Server } from './provider.ts';

/** Asks one server. */
export type ServerQuestion = { server: Server; reach: Reach; signal: AbortSignal };

/** A recording, as the server of its room knows it. */
export type Recording = {
  id: string;
  room: string;
  /** The one participant who is in it; absent where others may be heard as well. */
  of?: string;
  isRunning: boolean;
  /** Keys of its objects in storage, as far as the server says them. */
  files: readonly string[];
  /** Objects of its own that name others of its own. They may be absent from the storage. */
  lists: readonly ObjectList[];
  /** Whether a key could be one of its own, though nothing proves it. */
  resembles: (key: string) => boolean;
};

/** An object that names others. `keysIn` reads their keys from its text, and throws if it is not what it should be. */
export type ObjectList = { key: string; keysIn: (text: string) => readonly string[] };

/** What a server of rooms knows of recordings: LiveKit forgets them a day after their end. @throws if it does not say */
export type ListRecordings = (question: ServerQuestion) => Promise<readonly Recording[]>;

/** `judge` decides by an object's key; what it only names stays where it is. */
export type ObjectQuestion = ServerQuestion & { judge: (key: string) => 'remove' | 'name' | 'keep' };

/** Keys of objects. */
export type ObjectsRemoved = { removed: readonly string[]; named: readonly string[] };

/** Removes objects from a storage, with all of their versions. @throws if it refuses, or does not answer */
export type RemoveObjects = (question: ObjectQuestion) => Promise<ObjectsRemoved>;

/**
 * Reads objects, in all buckets of a storage.
 *
 * @returns the texts that a key has, one a bucket where there are more; none where there is no such object
 * @throws if it refuses, or does not answer
 */
export type ReadObjects = (
  question: ServerQuestion & { keys: readonly string[] },
) => Promise<ReadonlyMap<string, readonly string[]>>;

/** What is done with the objects of a storage. */
export type StoredObjects = { read: ReadObjects; remove: RemoveObjects };
