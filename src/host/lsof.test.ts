import { expect, test } from 'vitest';
import { parseLsof } from './lsof.ts';

const output = `p412
cobs
f14
PTCP
n*:1935
TST=LISTEN
TQR=0
f15
PTCP
n127.0.0.1:52000->127.0.0.1:6379
TST=ESTABLISHED
p500
cavahi
f3
PUDP
n[::1]:50100
PUDP
n*:*
`;

test('listeners and UDP sockets are read with their process; connections are left out', () => {
  expect(parseLsof(output)).toEqual([
    { protocol: 'tcp', address: '0.0.0.0', port: 1935, owner: { name: 'obs', pid: 412 } },
    { protocol: 'udp', address: '::1', port: 50100, owner: { name: 'avahi', pid: 500 } },
  ]);
});

test('no output, no ports', () => {
  expect(parseLsof('')).toEqual([]);
});
