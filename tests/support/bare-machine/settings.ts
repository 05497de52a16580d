import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, relative } from 'node:path';

/** Where the machine's users find programs. */
export const searchPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** How npm, pip, Go and apt reach their registries from here; nothing of where they keep their files. */
const settingNames = new RegExp(
  [
    '^(https?|all|no)_proxy$',
    '^pip_',
    '^npm_config_(?!.*(cache|prefix|user_agent|node_gyp|userconfig|globalconfig|init_module|npm_version))',
    '^go(proxy|noproxy|sumdb|nosumdb|private|insecure|flags|toolchain|auth|vcs)$',
    '(ssl_cert_(file|dir)|_ca_certs|_ca_bundle|_sslcainfo|_ssl_cainfo)$',
  ].join('|'),
  'i',
);

/** The environment variables of this process that say how registries are reached. */
export function registryEnvironment(environment: NodeJS.ProcessEnv): Readonly<Record<string, string>> {
  const kept = Object.entries(environment).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && settingNames.test(entry[0]),
  );
  return Object.fromEntries(kept);
}

/** apt's settings of this machine that are about downloads, in the format of its configuration files. */
export function aptSettings(): string {
  const dump = execFileSync('apt-config', ['dump', '--no-empty', '--format', '%f "%v";%n'], {
    encoding: 'utf8',
  });
  return dump
    .split('\n')
    .filter((line) => /^Acquire::(?!IndexTargets|CompressionTypes|Changelogs)/.test(line))
    .map((line) => `${line}\n`)
    .join('');
}

/** The source lists of this machine's apt. */
export function aptSources(): readonly string[] {
  const folder = '/etc/apt/sources.list.d';
  const files = readdirSync(folder)
    .filter((name) => /\.(list|sources)$/.test(name))
    .map((name) => join(folder, name));
  return ['/etc/apt/sources.list', ...files].filter((file) => existsSync(file) && statSync(file).size > 0);
}

/**
 * Copies the configuration files of npm, pip and Go and this machine's own certificates into a root file system, and
 * the files that they and the environment name.
 */
export function copySettings(root: string): void {
  const ask = (program: string, ...parameters: string[]) =>
    execFileSync(program, parameters, { cwd: '/', encoding: 'utf8' }).trim();
  const files = [
    ask('npm', 'config', 'get', 'userconfig'),
    ask('npm', 'config', 'get', 'globalconfig'),
    ask('go', 'env', 'GOENV'),
    '/etc/pip.conf',
    join(homedir(), '.pip', 'pip.conf'),
    join(process.env.XDG_CONFIG_HOME || join(homedir(), '.config'), 'pip', 'pip.conf'),
  ].filter((file) => file !== '' && existsSync(file));
  for (const file of files) copy(file, join(root, inRootsHome(file)));
  const texts = [
    ...files.map((file) => readFileSync(file, 'utf8')),
    ...Object.values(registryEnvironment(process.env)),
  ];
  // Certificates, most likely.
  const named = texts.flatMap((text) => text.match(/(?<![\w:/.])\/[^\s"',:;]+/g) ?? []);
  for (const file of named) {
    if (statSync(file, { throwIfNoEntry: false })?.isFile()) copy(file, join(root, file));
  }
  const certificates = '/usr/local/share/ca-certificates';
  if (existsSync(certificates)) cpSync(certificates, join(root, certificates), { recursive: true });
}

/** A file of the home directory of whoever runs the test is one of root's in the machine. */
function inRootsHome(file: string): string {
  const within = relative(homedir(), file);
  return within.startsWith('..') ? file : join('/root', within);
}

function copy(from: string, to: string): void {
  if (existsSync(to)) return;
  mkdirSync(dirname(to), { recursive: true });
  cpSync(from, to, { recursive: true, dereference: true });
}
