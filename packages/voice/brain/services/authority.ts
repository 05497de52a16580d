import { TokenVerifier } from 'livekit-server-sdk';
import { HttpProblem } from '../../service/http/problem.ts';

/**
 * Who may change what is kept: whoever holds the stack's API secret, and shows a token of it that may administer rooms.
 *
 * @returns a function that throws HttpProblem 401 for any other header
 */
export function authorityOf(options: { key: string; secret: string }) {
  const verifier = new TokenVerifier(options.key, options.secret);
  return async (header: string | undefined): Promise<void> => {
    const token = /^Bearer (?<token>\S+)$/u.exec(header ?? '')?.groups?.token;
    const claims = token === undefined ? undefined : await verifier.verify(token).catch(() => undefined);
    if (claims?.video?.roomAdmin === true) return;
    const message = 'A token with roomAdmin, signed with the API secret of this stack, is needed.';
    throw new HttpProblem({ status: 401, code: 'unauthorized', message });
  };
}
