import { isUtf8 } from 'node:buffer';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Secret } from '../core/secret.ts';
import { decodeText } from '../core/text.ts';
import { homeFolder } from '../host/home.ts';
import { run } from '../host/process.ts';
import { succeeded } from '../host/process-end.ts';
import { defaultRegistry } from './reference.ts';

/** A login in one of the two forms that the Engine accepts. */
export type RegistryLogin =
  | { kind: 'password'; username: string; password: Secret }
  | { kind: 'token'; token: Secret };

/** The login for a registry; `note` says why one could not be read. */
export type FoundLogin = { login?: RegistryLogin; note?: string };

/** The parts of Docker's configuration file about logins. */
type DockerConfig = {
  auths?: Record<string, { auth?: string; identitytoken?: string }>;
  credHelpers?: Record<string, string>;
  credsStore?: string;
};

/** Runs `docker-credential-<helper> get`: gives its standard output, and whether it succeeded. */
export type HelperRunner = (helper: string, server: string) => Promise<{ output: string; ok: boolean }>;

/** The name of Docker Hub's login in Docker's configuration, for historical reasons. */
const hubServer = 'https://index.docker.io/v1/';

/** Time limit for a helper, which may ask a person to unlock a key ring. */
const helperMilliseconds = 20_000;

/** Finds the login to a registry where `docker login` has left it: in Docker's configuration or its helper. */
export async function findLogin(options: {
  registry: string;
  environment: Readonly<Record<string, string | undefined>>;
}): Promise<FoundLogin> {
  const { registry, environment } = options;
  const folder = environment.DOCKER_CONFIG || join(homeFolder(environment), '.docker');
  const file = join(folder, 'config.json');
  let config: DockerConfig;
  try {
    config = readConfig(await readFile(file));
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return {};
    return { note: `${file} cannot be read, so no login is used` };
  }
  return await loginFrom({ config, registry, run: helperRunner(environment) });
}

/** @throws if it is not a configuration; each login in it is checked when it is needed */
function readConfig(content: Buffer): DockerConfig {
  const read = decodeText({ file: 'config.json', content });
  const config: unknown = 'text' in read ? JSON.parse(read.text) : undefined;
  if (typeof config !== 'object' || config === null) throw new Error('not a configuration');
  return config;
}

/** Looks a login up in a configuration: the registry's own helper first, then the general one, then the file. */
export async function loginFrom(options: {
  config: DockerConfig;
  registry: string;
  run: HelperRunner;
}): Promise<FoundLogin> {
  const { config, registry } = options;
  const server = registry === defaultRegistry ? hubServer : registry;
  const helper = config.credHelpers?.[registry] ?? config.credHelpers?.[server] ?? config.credsStore;
  if (helper) {
    const found = await fromHelper({ ...options, helper, server });
    if (found.login || found.note) return found;
  }
  const entry = config.auths?.[server] ?? config.auths?.[`https://${registry}`] ?? config.auths?.[registry];
  if (entry?.identitytoken) return { login: { kind: 'token', token: new Secret(entry.identitytoken) } };
  if (!entry?.auth) return {};
  const decoded = fromBase64(entry.auth);
  const colon = decoded?.indexOf(':') ?? -1;
  if (decoded === undefined || colon < 1)
    return { note: `the login to ${registry} in Docker's configuration cannot be read` };
  return { login: password(decoded.slice(0, colon), decoded.slice(colon + 1)) };
}

/** Text in base64; undefined if it is not exactly that: half of it would be a wrong password. */
function fromBase64(text: unknown): string | undefined {
  if (typeof text !== 'string') return undefined;
  const bytes = Buffer.from(text, 'base64');
  const isWhole = bytes.toString('base64').replace(/=+$/, '') === text.replace(/=+$/, '');
  return isWhole && isUtf8(bytes) ? bytes.toString() : undefined;
}

/**
 * The protocol of Docker's credential helpers: the server's name on standard input, JSON on standard output; a user
 * named `<token>` marks an identity token. See docker/docker-credential-helpers.
 */
async function fromHelper(options: {
  helper: string;
  server: string;
  run: HelperRunner;
}): Promise<FoundLogin> {
  const name = `docker-credential-${options.helper}`;
  const { output, ok } = await options.run(options.helper, options.server);
  if (!ok) {
    // "credentials not found in native keychain": there is no login, which is not an error.
    return /not found/i.test(output) ? {} : { note: `${name} failed, so no login is used` };
  }
  try {
    const { Username = '', Secret: secret = '' } = JSON.parse(output) as {
      Username?: string;
      Secret?: string;
    };
    if (secret === '') return {};
    if (Username === '<token>') return { login: { kind: 'token', token: new Secret(secret) } };
    return { login: password(Username, secret) };
  } catch {
    return { note: `${name} gave an answer that cannot be read, so no login is used` };
  }
}

function password(username: string, text: string): RegistryLogin {
  return { kind: 'password', username, password: new Secret(text) };
}

function helperRunner(environment: Readonly<Record<string, string | undefined>>): HelperRunner {
  return async (helper, server) => {
    const ended = await run({
      command: `docker-credential-${helper}`,
      args: ['get'],
      input: server,
      environment,
      limitMilliseconds: helperMilliseconds,
    });
    return { output: ended.stdout.toString('utf8'), ok: succeeded(ended) };
  };
}
