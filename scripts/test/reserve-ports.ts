import { readFileSync, writeFileSync } from 'node:fs';

const file = '/proc/sys/net/ipv4/ip_local_reserved_ports';
/** The UDP ports of media, which are among those that a kernel gives to programs that ask for any. */
const media = '50100-50200';

/**
 * Keeps programs that ask for any port, such as a resolver, off the stack's UDP ports. Does nothing where this is not
 * root's Linux, or the kernel's settings cannot be written: a test may then find a port held.
 *
 * @returns puts back what was set
 */
export function reservePorts(): () => void {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return () => {};
  const before = readFileSync(file, 'utf8').trim();
  try {
    writeFileSync(file, [before, media].filter(Boolean).join(','));
  } catch {
    return () => {};
  }
  return () => writeFileSync(file, `${before}\n`);
}
