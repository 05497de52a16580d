import type { X509Certificate } from 'node:crypto';
import { connect, getCACertificates, type TLSSocket } from 'node:tls';
import type { SocketAddress } from './socket-address.ts';

/** A connection, and the certificate that the server showed: Node.js hands that out only once. */
export type Greeted = { socket: TLSSocket; certificate: X509Certificate | undefined };

/**
 * Opens a TLS connection with a given host name in the greeting, independently of DNS.
 *
 * @param options.believed PEM certificates of authorities that are believed beside those of Node.js and of this machine
 * @returns a connection whose certificate is not judged yet: see {@link judge}
 * @throws the socket's own error, or that of `signal`
 */
export function shakeHands(options: {
  address: SocketAddress;
  name: string;
  believed: readonly string[];
  signal: AbortSignal;
}): Promise<Greeted> {
  const { address, name, believed, signal } = options;
  const { host, port } = address;
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const socket = connect({
      host,
      port,
      servername: name,
      // A certificate that nobody believes is an answer, too; who asks says what is wrong with it.
      rejectUnauthorized: false,
      ca: [...getCACertificates('default'), ...getCACertificates('system'), ...believed],
    });
    const abort = (): void => void socket.destroy(new Error('no handshake in time'));
    signal.addEventListener('abort', abort, { once: true });
    socket.on('close', () => signal.removeEventListener('abort', abort));
    socket.on('error', reject);
    const leave = (): void => void socket.destroy(new Error('connection closed without an answer'));
    socket.once('end', leave);
    socket.once('secureConnect', () => {
      socket.off('end', leave);
      resolve({ socket, certificate: socket.getPeerX509Certificate() });
    });
  });
}

/** What a server's certificate is worth. */
export type Judgement =
  | { ok: true; daysLeft: number; until: Date }
  /** `ended`: it was good until its time was over. */
  | { ok: false; because: string; ended?: true };

const day = 86_400_000;

/** Whether the certificate that a server has shown proves the name that it was greeted by. */
export function judge({ socket, certificate }: Greeted, now: Date): Judgement {
  if (certificate === undefined) return { ok: false, because: 'it shows no certificate' };
  const issuer = /^CN=(.*)$/m.exec(certificate.issuer)?.[1] ?? certificate.issuer.replaceAll('\n', ', ');
  const until = certificate.validToDate;
  // The error's code, which the type calls an error.
  if (!socket.authorized && String(socket.authorizationError) === 'CERT_HAS_EXPIRED')
    return {
      ok: false,
      because: `its certificate ended on ${until.toISOString().slice(0, 10)}`,
      ended: true,
    };
  if (!socket.authorized)
    return { ok: false, because: `its certificate is of ${issuer}: ${String(socket.authorizationError)}` };
  return { ok: true, daysLeft: Math.floor((until.getTime() - now.getTime()) / day), until };
}
