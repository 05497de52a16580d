import { execFileSync } from 'node:child_process';
import { realpathSync } from 'node:fs';
import { delimiter, dirname, join, resolve } from 'node:path';
import { findProgram } from '../../../src/host/system.ts';

/** A name in the bare machine under which a program is found. */
export type Link = { name: string; target: string };

/**
 * What the README wants and Debian has too old: Node.js, npm and Go of this machine, wherever they are.
 *
 * @throws where one of them is missing
 */
export function givenPrograms(): { shared: readonly string[]; links: readonly Link[] } {
  const environment = { ...process.env, PATH: pathWithoutPackages() };
  const ask = (program: string, ...parameters: string[]) =>
    execFileSync(program, parameters, { env: environment, cwd: '/', encoding: 'utf8' }).trim();
  // Asked for its path, for what is on PATH may be a script of a version manager.
  const node = ask('node', '-p', 'process.execPath');
  const npm = realpathSync(findProgram('npm', environment) ?? 'npm');
  const goRoot = ask('go', 'env', 'GOROOT');
  // npm's own package, and beside it what Debian's splits off.
  const packages = resolve(dirname(npm), '..', '..');
  return {
    shared: [node, ...librariesOf(node), packages, goRoot],
    links: [
      { name: 'node', target: node },
      { name: 'npm', target: npm },
      { name: 'npx', target: join(dirname(npm), 'npx-cli.js') },
      { name: 'go', target: join(goRoot, 'bin', 'go') },
    ],
  };
}

/** The machine's own programs, not those of this checkout's dependencies. */
function pathWithoutPackages(): string {
  return (process.env.PATH ?? '')
    .split(delimiter)
    .filter((folder) => !folder.includes('node_modules'))
    .join(delimiter);
}

/** Shared libraries that a program is linked with. */
function librariesOf(program: string): readonly string[] {
  const lines = execFileSync('ldd', [program], { encoding: 'utf8' }).split('\n');
  return lines.flatMap((line) => line.match(/=> (\/\S+)/)?.[1] ?? []);
}
