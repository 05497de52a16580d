import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { startTlsServer, testAuthority } from '../../../tests/fixtures/tls-server.ts';
import { lasting, type SocketAddress } from '../../core/socket-address.ts';
import { openTunnel } from './front-door.ts';

const authority = await testAuthority();
const door = { role: 'gateway', port: 'websecure' };

const tunnelTo = (address: SocketAddress, name: string) =>
  openTunnel({
    door,
    way: async () => lasting(address),
    name,
    believed: [authority.certificate],
    signal: new AbortController().signal,
  });

test('plain TCP goes through TLS in both directions, and no more once the tunnel is closed', async () => {
  const { address, close } = await startTlsServer({ authority, serve: (socket) => socket.pipe(socket) });
  const tunnel = await tunnelTo(address, 'turn.arc.local');
  if (!tunnel.ok) throw new Error(tunnel.because);
  const socket = connect(tunnel.address);
  socket.end('hello');
  expect(await text(socket)).toBe('hello');
  await tunnel.address[Symbol.asyncDispose]();
  const [error] = await once(connect(tunnel.address), 'error');
  expect(error).toMatchObject({ code: 'ECONNREFUSED' });
  close();
});

test('there is no way through a door that is shut, or that does not prove the name', async () => {
  const { address, close } = await startTlsServer({ authority, serve: (socket) => socket.end() });
  expect(await tunnelTo(address, 'turn.example.org')).toEqual({
    ok: false,
    because: expect.stringContaining('ERR_TLS_CERT_ALTNAME_INVALID'),
  });
  close();
  expect(await tunnelTo(address, 'turn.arc.local')).toEqual({ ok: false, because: 'connection refused' });
});
