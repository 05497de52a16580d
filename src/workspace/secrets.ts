import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { invalid, type Problem } from '../errors.ts';
import type { Manifests, SecretManifest } from '../manifest/model.ts';
import { Secret } from '../secret.ts';
import { isAbsent, prepareArcFolder, readIfThere, replaceFile } from './files.ts';

/** Real secrets, relative to the workspace: `NAME=value` lines, mode 0600, ignored by git. */
export const secretsFile = '.arc/secrets.env';

/** Where the value in use comes from. */
export type SecretSource = 'environment' | 'file' | 'development';

export type Secrets = {
  /** Real values by the secret's name; those that have only a development value are absent. */
  secrets: ReadonlyMap<string, Secret>;
  sources: ReadonlyMap<string, SecretSource>;
  /** A secrets file that others can read. */
  warnings: readonly Problem[];
};

/**
 * The secrets of this machine: a variable of the environment (`LIVEKIT_API_SECRET`) wins over the secrets file.
 *
 * @param options.root absolute path of the workspace
 * @throws ArcError `bad-secret` (exit status 2) for a value that cannot be written into config files as it is
 */
export async function readSecrets(options: {
  root: string;
  manifests: Manifests;
  environment: Readonly<Record<string, string | undefined>>;
}): Promise<Secrets> {
  const { root, manifests, environment } = options;
  const file = await readSecretsFile({ root });
  const secrets = new Map<string, Secret>();
  const sources = new Map<string, SecretSource>();
  for (const [name, { env }] of declaredSecrets(manifests)) {
    const given = environment[env];
    // As in a compose file, an empty variable is an unset one.
    const fromEnvironment = given === undefined || given === '' ? undefined : new Secret(given);
    const value = fromEnvironment ?? file.get(env);
    sources.set(
      name,
      value === undefined ? 'development' : fromEnvironment === undefined ? 'file' : 'environment',
    );
    if (value === undefined) continue;
    refuseUnsafe({ env, value, place: fromEnvironment === undefined ? secretsFile : 'the environment' });
    secrets.set(name, value);
  }
  return { secrets, sources, warnings: await modeWarning(root) };
}

/** What the secrets file holds, by name of the variable; empty where there is none. */
export async function readSecretsFile(options: { root: string }): Promise<ReadonlyMap<string, Secret>> {
  const text = readIfThere(join(options.root, secretsFile)) ?? '';
  return new Map(
    Object.entries(parseEnv(text)).flatMap(([env, value]) =>
      value === undefined || value === '' ? [] : [[env, new Secret(value)] as const],
    ),
  );
}

/** Writes the secrets file: the values given, by name of the variable, and no others. */
export async function writeSecretsFile(options: {
  root: string;
  values: ReadonlyMap<string, Secret>;
}): Promise<void> {
  const { root, values } = options;
  const lines = Array.from(values, ([env, value]) => `${env}=${value.reveal()}\n`).toSorted();
  prepareArcFolder(root);
  replaceFile({
    path: join(root, secretsFile),
    text: `# Secrets of this workspace, made by \`arc secrets\`. Keep them out of version control.\n${lines.join('')}`,
    mode: 0o600,
  });
}

/** Every secret that the workspace's services declare, by name. */
export function declaredSecrets(manifests: Manifests): ReadonlyMap<string, SecretManifest> {
  return new Map(manifests.services.flatMap((service) => Object.entries(service.secrets)));
}

/** Values go into YAML, shell and URLs without quotes; these characters mean themselves in all of them (RFC 3986). */
function refuseUnsafe(options: { env: string; value: Secret; place: string }): void {
  if (/^[A-Za-z0-9._~-]+$/.test(options.value.reveal())) return;
  throw invalid({
    code: 'bad-secret',
    message: `${options.env} in ${options.place} has characters other than letters, digits and . _ ~ -`,
    suggestion: 'use another value, or let `arc secrets rotate` make one',
  });
}

async function modeWarning(root: string): Promise<readonly Problem[]> {
  try {
    const mode = (await stat(join(root, secretsFile))).mode & 0o777;
    if ((mode & 0o077) === 0) return [];
    return [
      {
        code: 'secrets-readable',
        message: `${secretsFile} can be read by other users of this machine (mode 0${mode.toString(8)}).`,
        suggestion: `chmod 600 ${secretsFile}`,
      },
    ];
  } catch (error) {
    if (isAbsent(error)) return [];
    throw error;
  }
}
