import { optionalText, textField } from '../data.ts';
import { authority, type SocketAddress } from '../socket-address.ts';
import { type Greeted, judge, shakeHands } from '../tls-handshake.ts';
import { ask, explain, type Reply } from './ask.ts';
import type { ProbeKind } from './probe.ts';

/** Greets a server by each of its host names, and sees that its certificates prove them. */
export const tlsProbe: ProbeKind = {
  kind: 'tls',
  ask: ({ fields, address, timeoutMilliseconds, signal, believed = [] }) => {
    const names = [...new Set(textField(fields, 'names').split(/\s+/).filter(Boolean))].sort();
    const issuer = optionalText(fields, 'issuer');
    return ask({
      question: `TLS with ${authority(address)}`,
      timeoutMilliseconds,
      signal,
      run: (over) => prove({ address, names, issuer, believed, signal: over }),
    });
  },
};

async function prove(options: {
  address: SocketAddress;
  names: readonly string[];
  issuer: string | undefined;
  believed: readonly string[];
  signal: AbortSignal;
}): Promise<Reply> {
  const { names, issuer, ...how } = options;
  if (names.length === 0) return { ok: false, missing: true, came: 'not asked: no name has a certificate' };
  const proofs = await Promise.all(names.map((name) => proofOf({ ...how, name })));
  const problems = proofs.filter((proof) => typeof proof === 'string');
  if (problems.length > 0) {
    // Where all names fail in one way, one line says it.
    const said = [...new Set(problems)].join('; ');
    return { ok: false, came: issuer ? `${said}; certificates are asked of ${issuer}` : said };
  }
  const days = Math.min(...proofs.filter((proof) => typeof proof === 'number'));
  const what = names.length === 1 ? `${names[0]} is proved` : `${names.length} names are proved`;
  return { ok: true, came: `${what} for ${days === 1 ? '1 more day' : `${days} more days`}` };
}

/** Days that a name is proved for yet, or what is wrong. */
async function proofOf(options: {
  address: SocketAddress;
  name: string;
  believed: readonly string[];
  signal: AbortSignal;
}): Promise<number | string> {
  const { name } = options;
  let greeted: Greeted;
  try {
    greeted = await shakeHands(options);
  } catch (cause) {
    options.signal.throwIfAborted();
    return explain(cause);
  }
  const judgement = judge(greeted, new Date());
  greeted.socket.destroy();
  return judgement.ok ? judgement.daysLeft : `${name} is not proved, ${judgement.because}`;
}
