import { type ClientRequest, request, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { isSet, optionalNumber, optionalSecret, optionalText, textField } from '../data.ts';
import { defined } from '../defined.ts';
import { authority } from '../socket-address.ts';
import { ask, type Reply } from './ask.ts';
import { type Door, openDoor } from './door.ts';
import type { ProbeKind } from './probe.ts';
import { holdOpen } from './tcp.ts';

/**
 * A name of the front door, asked as a client would: connected to by address, so that it need not be in the DNS, and
 * known by its name. Behind a route of HTTP a page is asked for, behind any other a connection has to stay open.
 */
export const routeProbe: ProbeKind = {
  kind: 'route',
  ask: ({ fields, address, timeoutMilliseconds, signal, believed = [] }) => {
    const name = `${textField(fields, 'host')}.${textField(fields, 'domain')}`;
    const renewal = optionalText(fields, 'renewal');
    const encrypted = isSet(fields, 'tls');
    const tls = { believed, ...defined({ renewal }) };
    const door: Door = { address, name, ...(encrypted ? { tls } : {}) };
    const path = textField(fields, 'path');
    const isPage = textField(fields, 'protocol') === 'http';
    const page: Page = {
      ...{ name, path, limited: isSet(fields, 'limited') },
      ...defined({ status: optionalNumber(fields, 'status'), user: optionalText(fields, 'user') }),
      ...defined({ password: optionalSecret(fields, 'password')?.reveal() }),
    };
    const place = isPage ? `GET ${encrypted ? 'https' : 'http'}://${name}${path}` : `TLS to ${name}`;
    return ask({
      question: `${place} at ${authority(address)}`,
      timeoutMilliseconds,
      signal,
      run: async (over) => {
        const { socket, certificate } = await openDoor({ ...door, signal: over });
        try {
          const reply = await (isPage ? getPage({ page, socket }) : holdOpen(socket));
          if (!reply.ok) return reply;
          const { text, warns } = certificate;
          return { ...reply, came: `${reply.came}${text}`, ...(warns ? { warns } : {}) };
        } finally {
          socket.destroy();
        }
      },
    });
  },
};

type Page = {
  name: string;
  path: string;
  /** That of the service's own readiness probe; absent where none is known. */
  status?: number;
  /** Not everybody may use the route. */
  limited: boolean;
  user?: string;
  password?: string;
};

async function getPage(options: { page: Page; socket: Socket }): Promise<Reply> {
  const { page, socket } = options;
  const { name, path, user, password } = page;
  const status = await new Promise<number>((resolve, reject) => {
    const asked: ClientRequest = request({
      ...{ path, createConnection: () => socket, headers: { Host: name } },
      ...(user === undefined || password === undefined ? {} : { auth: `${user}:${password}` }),
    });
    asked
      .on('response', (response) => {
        response.resume();
        resolve(response.statusCode ?? 0);
      })
      .on('error', reject)
      .end();
  });
  return judge({ status, page });
}

/** What a status says of the way to the service. */
export function judge(options: { status: number; page: Pick<Page, 'status' | 'limited'> }): Reply {
  const { status, page } = options;
  const came = `${status} ${STATUS_CODES[status] ?? ''}`.trim();
  if (status === page.status) return { ok: true, came };
  if (status === 403 && page.limited)
    return { ok: true, came: `${came}, for the route is not open to this machine (\`allow\`)` };
  if (status === 429)
    return { ok: true, came: `${came}, for this machine has asked too often (\`rate_limit\`)` };
  if ([502, 503, 504].includes(status))
    return { ok: false, came: `${came}: the gateway does not get to the service` };
  if (page.status !== undefined) return { ok: false, came: `${came}, expected ${page.status}` };
  if (status === 404)
    return {
      ok: false,
      came: `${came}: the gateway has no such route, or the service no such page (\`ask\`)`,
    };
  return { ok: status < 500, came };
}
