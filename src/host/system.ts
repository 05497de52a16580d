import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** The kind of system, as far as installing software on it is concerned. */
export type System = {
  platform: NodeJS.Platform;
  /** Name for people: `Debian GNU/Linux 12 (bookworm)`. */
  name: string;
  /** It has apt-get: Debian, Ubuntu and their derivatives. */
  debian: boolean;
  root: boolean;
  /** systemd is running it (sd_booted(3)), not merely installed. */
  systemd: boolean;
};

/** @param options.root where the system's files are */
export function readSystem(options: { root?: string } = {}): System {
  const { root = '/' } = options;
  const release = parseRelease(readText(join(root, 'etc/os-release')));
  const relatives = [release.ID, ...(release.ID_LIKE ?? '').split(' ')];
  return {
    platform: process.platform,
    name: release.PRETTY_NAME ?? process.platform,
    debian: relatives.includes('debian') || relatives.includes('ubuntu'),
    root: process.getuid?.() === 0,
    systemd: existsSync(join(root, 'run/systemd/system')),
  };
}

/** A kernel setting (`net.core.rmem_max`) as a number; undefined if this kernel does not show it. */
export function readSysctl(name: string, proc = '/proc'): number | undefined {
  const text = readText(join(proc, 'sys', name.replaceAll('.', '/'))).trim();
  return /^\d+$/.test(text) ? Number(text) : undefined;
}

/**
 * The path of a program, looked for in PATH and in the folders of system programs, which an ordinary user's PATH
 * often lacks.
 */
export function findProgram(
  name: string,
  environment: Readonly<Record<string, string | undefined>>,
): string | undefined {
  const folders = [...(environment.PATH ?? '').split(delimiter), '/usr/local/sbin', '/usr/sbin', '/sbin'];
  return folders
    .filter((folder) => folder !== '')
    .map((folder) => join(folder, name))
    .find(isExecutable);
}

/** The lines of os-release(5). */
function parseRelease(text: string): Partial<Record<string, string>> {
  return Object.fromEntries(
    [...text.matchAll(/^([A-Z_]+)=["']?(.*?)["']?$/gm)].map(([, key = '', value = '']) => [key, value]),
  );
}

/** Whether a file is there that this user may run. */
export function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
