import { readFileSync } from 'node:fs';

/** What the kernel of this machine says of a process's rights; see proc(5), /proc/pid/status. */
export type ProcessRights = {
  /** Real, effective, saved and file system: a process that could go back to root would have it in one of them. */
  uids: readonly string[];
  gids: readonly string[];
  groups: readonly string[];
  /** Sets of capabilities as hexadecimal masks, by their names there: `CapEff`. */
  capabilities: Readonly<Record<string, string>>;
  noNewPrivileges: boolean;
  /** Options of the mount that is the process's root: `ro`, `relatime`. */
  rootMount: readonly string[];
};

/** @param pid as this machine numbers it, not the container */
export function processRights(pid: number): ProcessRights {
  const fields = new Map(
    readFileSync(`/proc/${pid}/status`, 'utf8')
      .split('\n')
      .map((line) => {
        const [name = '', value = ''] = line.split(/:\s*/);
        return [name, value.trim().split(/\s+/).filter(Boolean)];
      }),
  );
  const one = (name: string): string => fields.get(name)?.[0] ?? '';
  const names = ['CapInh', 'CapPrm', 'CapEff', 'CapBnd', 'CapAmb'];
  return {
    uids: fields.get('Uid') ?? [],
    gids: fields.get('Gid') ?? [],
    groups: fields.get('Groups') ?? [],
    capabilities: Object.fromEntries(names.map((name) => [name, one(name)])),
    noNewPrivileges: one('NoNewPrivs') === '1',
    rootMount: rootMount(pid),
  };
}

/** The fifth field is the place of the mount, the sixth its options. */
function rootMount(pid: number): readonly string[] {
  const lines = readFileSync(`/proc/${pid}/mountinfo`, 'utf8').split('\n');
  return (
    lines
      .map((line) => line.split(' '))
      .findLast((fields) => fields[4] === '/')?.[5]
      ?.split(',') ?? []
  );
}
