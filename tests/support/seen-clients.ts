import { createClient } from '@redis/client';

/** What LiveKit has written about its clients so far. */
export type SeenClients = {
  /** Addresses of the clients that joined `room`, as the server takes them. */
  of: (room: string) => readonly string[];
  close: () => Promise<void>;
};

/**
 * Listens to what a LiveKit server hands on about each client that joins. The server leaves the address out of its log; but
 * between its signalling and its rooms there is Redis, and there the address is.
 */
export async function watchSeenClients(options: { password: string }): Promise<SeenClients> {
  const client = createClient({ url: 'redis://127.0.0.1:6379', password: options.password });
  await client.connect();
  const messages: string[] = [];
  await client.pSubscribe('*RelaySignal*', (message) => void messages.push(message.toString('latin1')), true);
  return {
    of: (room) =>
      messages
        .filter((message) => message.includes(room))
        .flatMap((message) => message.match(/\d{1,3}(?:\.\d{1,3}){3}/g) ?? []),
    close: async () => {
      await client.close();
    },
  };
}
