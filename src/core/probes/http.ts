import { request, STATUS_CODES } from 'node:http';
import { isSet, numberField, optionalText, textField } from '../data.ts';
import { origin, type SocketAddress } from '../socket-address.ts';
import { ask, type Reply } from './ask.ts';
import type { ProbeKind } from './probe.ts';

type Request = { path: string; status: number; body: string | undefined; tells: boolean };

/** What a program that `tells` answers with where all of its own is right, and somebody should know of something. */
const warningHeader = 'arc-health';

/** No health endpoint says more than this; a probe must not read a stream without end. */
const longestBody = 64 * 1024;

/**
 * Sends one `GET` on a connection of its own, because the probe must show that a new client is served. It uses Node's
 * own HTTP client, which the Engine's client has loaded already; undici would have to be loaded
 * (scripts/measure/loading.ts).
 */
export const httpProbe: ProbeKind = {
  kind: 'http',
  ask: ({ fields, address, timeoutMilliseconds, signal }) => {
    const path = textField(fields, 'path');
    const status = numberField(fields, 'status');
    const body = optionalText(fields, 'body');
    const tells = isSet(fields, 'tells');
    return ask({
      question: `GET ${origin(address)}${path}`,
      timeoutMilliseconds,
      signal,
      run: (over) => get({ path, status, body, tells }, address, over),
    });
  },
};

function get(wanted: Request, { host, port }: SocketAddress, signal: AbortSignal): Promise<Reply> {
  const { path, status, body, tells } = wanted;
  return new Promise((resolve, reject) => {
    const asked = request({ host, port, path, agent: false, signal }, (response) => {
      const { statusCode = 0 } = response;
      const came = `${statusCode} ${response.statusMessage || STATUS_CODES[statusCode] || ''}`.trim();
      if (statusCode !== status && !tells) {
        resolve({ ok: false, came: `${came}, expected ${status}` });
        response.destroy();
        return;
      }
      if (body === undefined && !tells) {
        resolve({ ok: true, came });
        response.destroy();
        return;
      }
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        text += chunk;
        if (text.length > longestBody) response.destroy();
      });
      response.on('error', reject);
      response.on('close', () => {
        const told = tells ? firstLine(text) : '';
        if (statusCode !== status) {
          resolve({ ok: false, came: told || `${came}, expected ${status}` });
          return;
        }
        const ok = text.includes(body ?? '');
        const warns = ok && tells && response.headers[warningHeader] === 'warning';
        resolve({
          ok,
          came: ok ? told || came : `${came}, but without "${body}" in its body`,
          ...(warns ? { warns } : {}),
        });
      });
    });
    asked.on('error', reject);
    asked.end();
  });
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0]?.trim() ?? '';
}
