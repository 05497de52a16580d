import { connect, type Socket } from 'node:net';
import type { SocketAddress } from '../socket-address.ts';
import { judge, shakeHands } from '../tls-handshake.ts';

/** A door that many names lead to: clients connect to its address, and it tells them apart by the name. */
export type Door = {
  address: SocketAddress;
  /** Host name of the request; the certificate has to be for it. */
  name: string;
  /** Absent if nothing is encrypted. `believed`: authorities beside those of this machine, as PEM. */
  tls?: { believed: readonly string[]; renewal?: string };
};

/** A connection to a door, and what there is to say about its certificate. */
export type OpenDoor = { socket: Socket; certificate: CertificateWords };

/** Text to put behind an answer. */
export type CertificateWords = { text: string; warns?: true };

/** arc renews its certificates 30 days before their end, and Traefik those of others. */
const soonDays = 14;

/**
 * Connects to the address and asks for the name, like a client whose DNS leads there.
 *
 * @throws Error in words if the certificate does not prove the name
 */
export async function openDoor(options: Door & { signal: AbortSignal }): Promise<OpenDoor> {
  const { address, name, tls, signal } = options;
  if (tls === undefined) {
    const socket = connect({ ...address, signal });
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve).on('error', reject);
    });
    return { socket, certificate: { text: '' } };
  }
  const { believed, renewal } = tls;
  const greeted = await shakeHands({ address, name, believed, signal });
  const judgement = judge(greeted, new Date());
  if (judgement.ok) return { socket: greeted.socket, certificate: endText({ ...judgement, renewal }) };
  greeted.socket.destroy();
  throw new Error(judgement.ended ? withRenewal(judgement.because, renewal) : judgement.because);
}

function endText(options: { daysLeft: number; until: Date; renewal: string | undefined }): CertificateWords {
  const { daysLeft, until, renewal } = options;
  const day = until.toISOString().slice(0, 10);
  if (daysLeft >= soonDays) return { text: `, certificate until ${day}` };
  const left = daysLeft === 1 ? '1 day' : `${daysLeft} days`;
  return { text: withRenewal(`, but its certificate ends in ${left}, on ${day}`, renewal), warns: true };
}

function withRenewal(text: string, renewal: string | undefined): string {
  return renewal === undefined ? text : `${text}; ${renewal}`;
}
