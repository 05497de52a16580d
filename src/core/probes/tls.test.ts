import { describe, expect, test } from 'vitest';
import { startTlsServer, testAuthority } from '../../../tests/fixtures/tls-server.ts';
import type { SocketAddress } from '../socket-address.ts';
import { tlsProbe } from './tls.ts';

const authority = await testAuthority();

function prove(options: {
  address: SocketAddress;
  names: string;
  issuer?: string;
  believed?: readonly string[];
}) {
  const { address, believed = [authority.certificate], ...fields } = options;
  const limits = { timeoutMilliseconds: 5_000, signal: new AbortController().signal };
  return tlsProbe.ask({ fields, address, believed, ...limits });
}

describe('names of a server', () => {
  test('are proved by an authority that is believed', async () => {
    const { address, close } = await startTlsServer({ authority, serve: (socket) => socket.end() });
    expect(await prove({ address, names: 'a.arc.local b.arc.local a.arc.local' })).toMatchObject({
      ok: true,
      question: `TLS with 127.0.0.1:${address.port}`,
      reply: expect.stringMatching(/^2 names are proved for (89|90) more days$/),
    });
    close();
  });

  test('are not proved by one that is not, and the answer says whom certificates are asked of', async () => {
    const { address, close } = await startTlsServer({ authority, serve: (socket) => socket.end() });
    const answer = await prove({ address, names: 'a.arc.local', issuer: 'a public one', believed: [] });
    expect(answer).toMatchObject({
      ok: false,
      reply: expect.stringMatching(
        /^a\.arc\.local is not proved, its certificate is of arc authority of test for arc\.local: \w+; certificates are asked of a public one$/,
      ),
    });
    close();
  });

  test('are not proved where the certificate is for others', async () => {
    const { address, close } = await startTlsServer({ authority, serve: (socket) => socket.end() });
    const { ok, reply } = await prove({ address, names: 'a.arc.local other.example' });
    expect({ ok, reply }).toEqual({
      ok: false,
      reply: expect.stringMatching(/^other\.example is not proved, .*ERR_TLS_CERT_ALTNAME_INVALID/),
    });
    close();
  });

  test('are not proved by nobody', async () => {
    const { address, close } = await startTlsServer({ authority, serve: (socket) => socket.end() });
    close();
    const { ok, reply } = await prove({ address, names: 'a.arc.local b.arc.local' });
    expect({ ok, reply }).toEqual({ ok: false, reply: 'connection refused' });
  });

  test('are not asked for where there are none', async () => {
    expect(await prove({ address: { host: '127.0.0.1', port: 9 }, names: ' ' })).toMatchObject({
      ok: false,
      missing: true,
    });
  });
});
