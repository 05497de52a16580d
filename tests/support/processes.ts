import { readdirSync, readFileSync } from 'node:fs';

export type ProcessNow = { pid: number; command: string };

/**
 * Processes of this machine that inherited `NAME=value`, whoever their parent is now. Needs /proc; elsewhere
 * there are none to be found.
 */
export function processesWith(variable: string): ProcessNow[] {
  return processes().filter(({ pid }) => read(pid, 'environ').split('\0').includes(variable));
}

/** Every process with its whole command line, as `ps` shows it. */
export function processes(): ProcessNow[] {
  return list()
    .map((pid) => ({ pid, command: read(pid, 'cmdline').replaceAll('\0', ' ').trim() }))
    .filter(({ pid, command }) => pid !== process.pid && command !== '');
}

function list(): number[] {
  try {
    return readdirSync('/proc').map(Number).filter(Number.isInteger);
  } catch {
    return [];
  }
}

/** A process that ended meanwhile, or that belongs to somebody else, has nothing to read. */
function read(pid: number, file: 'environ' | 'cmdline'): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}
