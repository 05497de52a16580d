import { expect, test } from 'vitest';
import { addressFromHex, parseSockets } from './proc-net.ts';

// As Linux 6 prints them; the numbers after the state are queues, timers and retransmits.
const tcp = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:18EB 00000000:0000 0A 00000000:00000000 00:00000000 00000000   999        0 4711 1 0000000097df2666 100 0 0 10 0
   1: 0100007F:18EB 0100007F:D4D6 01 00000000:00000000 00:00000000 00000000  1000        0 4712 3 00000000447e80f2
  12: 00000000:0016 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 99 1 0000000097df2666 100 0 0 10 0
`;
const udp6 = `  sl  local_address                         remote_address                        st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops
 2034: 00000000000000000000000000000000:C3B4 00000000000000000000000000000000:0000 07 00000000:00000000 00:00000000 00000000  1000        0 31 2 0000000000000000 0
`;

test('a listening TCP socket is told from a connection on the same port', () => {
  expect(parseSockets({ text: tcp, protocol: 'tcp', ports: new Set([6379]) })).toEqual([
    { protocol: 'tcp', address: '127.0.0.1', port: 6379, uid: 999, inode: 4711, listening: true },
    { protocol: 'tcp', address: '127.0.0.1', port: 6379, uid: 1000, inode: 4712, listening: false },
  ]);
});

test('ports that nobody asks for are left out', () => {
  expect(parseSockets({ text: tcp, protocol: 'tcp', ports: new Set([80]) })).toEqual([]);
});

test('UDP sockets always hold their port', () => {
  expect(parseSockets({ text: udp6, protocol: 'udp', ports: new Set([50100]) })).toEqual([
    { protocol: 'udp', address: '::', port: 50100, uid: 1000, inode: 31, listening: true },
  ]);
});

test.each([
  ['0100007F', 'LE', '127.0.0.1'],
  ['7F000001', 'BE', '127.0.0.1'],
  ['00000000000000000000000001000000', 'LE', '::1'],
  ['B80D0120000000000000000001000000', 'LE', '2001:db8::1'],
  ['0000000000000000FFFF00000100007F', 'LE', '::ffff:7f00:1'],
] as const)('%s in %s order is %s', (hex, order, address) => {
  expect(addressFromHex(hex, order)).toBe(address);
});
