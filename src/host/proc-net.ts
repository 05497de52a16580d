import { readFileSync } from 'node:fs';
import { endianness } from 'node:os';
import { join } from 'node:path';

/** A socket that is bound to a port. */
export type BoundSocket = {
  protocol: 'tcp' | 'udp';
  address: string;
  port: number;
  uid: number;
  /** 0 where the kernel tells none: a connection without a process. */
  inode: number;
  /** A TCP socket that waits for connections, or any UDP socket. */
  listening: boolean;
};

/** `TCP_LISTEN` of the kernel's include/net/tcp_states.h, in the files' hexadecimal. */
const listen = '0A';

/**
 * Every socket in this network namespace that is bound to one of `ports`, listening ones first. Reads two files,
 * whatever the number of ports; TCP's file is slow, because the kernel walks its whole table of connections, whose size
 * depends on the machine's memory.
 *
 * @param options.proc where procfs is mounted
 */
export function boundSockets(options: {
  proc: string;
  protocol: 'tcp' | 'udp';
  ports: ReadonlySet<number>;
}): readonly BoundSocket[] {
  const { proc, protocol, ports } = options;
  return ['', '6']
    .flatMap((family) =>
      parseSockets({ text: read(join(proc, 'net', `${protocol}${family}`)), protocol, ports }),
    )
    .toSorted((a, b) => Number(b.listening) - Number(a.listening));
}

/** The sockets in the text of such a file; its columns are those of proc(5), "/proc/net/tcp". */
export function parseSockets(options: {
  text: string;
  protocol: 'tcp' | 'udp';
  ports: ReadonlySet<number>;
}): readonly BoundSocket[] {
  const { text, protocol, ports } = options;
  const found: BoundSocket[] = [];
  for (const line of text.split('\n')) {
    const [, local = '', portInHex = '', rest = ''] =
      /^\s*\d+: ([0-9A-F]+):([0-9A-F]{4}) (.+)$/.exec(line) ?? [];
    const port = Number.parseInt(portInHex, 16);
    if (!ports.has(port)) continue;
    const [, state, , , , uid, , inode] = rest.trim().split(/\s+/);
    const listening = protocol === 'udp' || state === listen;
    found.push({
      protocol,
      address: addressFromHex(local),
      port,
      uid: Number(uid),
      inode: Number(inode),
      listening,
    });
  }
  return found;
}

/** The kernel prints addresses as 32-bit words in the machine's byte order. */
export function addressFromHex(hex: string, order: 'LE' | 'BE' = endianness()): string {
  const bytes = (hex.match(/.{8}/g) ?? []).flatMap((word) => {
    const four = (word.match(/../g) ?? []).map((byte) => Number.parseInt(byte, 16));
    return order === 'LE' ? four.toReversed() : four;
  });
  if (bytes.length === 4) return bytes.join('.');
  const groups = Array.from({ length: 8 }, (_, index) =>
    (((bytes[index * 2] ?? 0) << 8) | (bytes[index * 2 + 1] ?? 0)).toString(16),
  );
  // The URL parser shortens an IPv6 address as RFC 5952 wants it.
  return new URL(`http://[${groups.join(':')}]`).hostname.slice(1, -1);
}

/** Nothing if the file is absent: a kernel without IPv6 has no tcp6. */
function read(file: string): string {
  try {
    return readFileSync(file, 'latin1');
  } catch {
    return '';
  }
}
