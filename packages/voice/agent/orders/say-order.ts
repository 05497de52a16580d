import { createHmac, timingSafeEqual } from 'node:crypto';

/** Topic of an order, and the attribute by which the agent tells what became of it. `arc agents say` uses both. */
export const sayTopic = 'arc.say';

/** `id`: by which the one who gave the order finds its outcome. */
export type SayOrder = { id: string; text: string };

type Written = { id: string; room: string; text: string; until: number; signature: string };

/**
 * Reads orders to say something. Anybody in a room can send data, and the server tells nobody's name once its sender has
 * left; so an order is taken only with the signature of whoever has the API's secret, for this room, once, and in time.
 *
 * @param options.secret the API's
 * @returns a reader: `refused` has the id where there is one to answer to; undefined is no order at all
 */
export function sayOrders(options: { room: string; secret: string }) {
  const { room, secret } = options;
  const taken = new Set<string>();
  return (data: Uint8Array, now: number): { order: SayOrder } | { refused: string } | undefined => {
    const written = read(data);
    if (written === undefined) return undefined;
    const { id, text, until } = written;
    if (!isSigned(written, secret)) return undefined;
    if (written.room !== room || now > until || taken.has(id)) return { refused: id };
    taken.add(id);
    return { order: { id, text } };
  };
}

function isSigned({ id, room, text, until, signature }: Written, secret: string): boolean {
  const right = createHmac('sha256', secret)
    .update(JSON.stringify([sayTopic, id, room, until, text]))
    .digest();
  const given = Buffer.from(signature, 'base64url');
  return given.length === right.length && timingSafeEqual(given, right);
}

function read(data: Uint8Array): Written | undefined {
  try {
    const found = JSON.parse(
      new TextDecoder('utf-8', { fatal: true }).decode(data),
    ) as Partial<Written> | null;
    if (typeof found !== 'object' || found === null) return undefined;
    const { id, room, text, until, signature } = found;
    const texts = [id, room, text, signature].every((one) => typeof one === 'string');
    return texts && typeof until === 'number' ? (found as Written) : undefined;
  } catch {
    return undefined;
  }
}
