import type { Problem } from '../core/errors.ts';
import { nearest } from '../core/nearest.ts';
import { Secret } from '../core/secret.ts';
import type { Manifests, SecretManifest } from '../manifest/model.ts';
import { secretFault } from '../manifest/secret-rules.ts';
import { readSecretsFile, type SecretsFile, secretsFile, secretsFileMode } from './secrets-file.ts';
import type { SecretEntry } from './secrets-format.ts';

/** Where the value in use comes from. */
export type SecretSource = 'environment' | 'file' | 'development';

export type Secrets = {
  /** Real values by the secret's name; those that have only a development value are absent. */
  secrets: ReadonlyMap<string, Secret>;
  sources: ReadonlyMap<string, SecretSource>;
  /** A secrets file that others can read, and lines of it that are for no service. */
  warnings: readonly Problem[];
  /** Obstacles to using them: `bad-secrets-file` for unreadable lines, `bad-secret` for unusable values. */
  problems: readonly Problem[];
};

/**
 * The secrets of this machine: a variable of the environment (`LIVEKIT_API_SECRET`) wins over the secrets file.
 *
 * @param options.root absolute path of the workspace
 * @throws ArcError `cannot-read`
 */
export function readSecrets(options: {
  root: string;
  manifests: Manifests;
  environment: Readonly<Record<string, string | undefined>>;
}): Secrets {
  const { root, manifests, environment } = options;
  const file = readSecretsFile({ root });
  const declared = declaredSecrets(manifests);
  const secrets = new Map<string, Secret>();
  const sources = new Map<string, SecretSource>();
  const problems: Problem[] = [...file.problems];
  for (const [name, secret] of declared) {
    const { env } = secret;
    const given = environment[env];
    // As in a compose file, an empty variable is an unset one.
    const fromEnvironment = given === undefined || given === '' ? undefined : new Secret(given);
    const entry = file.entries.get(env);
    const value = fromEnvironment ?? entry?.value;
    sources.set(
      name,
      value === undefined ? 'development' : fromEnvironment === undefined ? 'file' : 'environment',
    );
    if (value === undefined) continue;
    problems.push(...unusable({ secret, value, entry: fromEnvironment === undefined ? entry : undefined }));
    secrets.set(name, value);
  }
  const warnings = [...secretsFileMode({ root }), ...unknown({ file, declared })];
  return { secrets, sources, warnings, problems };
}

/** Every secret that the workspace's services declare, by name. */
export function declaredSecrets(manifests: Manifests): ReadonlyMap<string, SecretManifest> {
  return new Map(manifests.services.flatMap((service) => Object.entries(service.secrets)));
}

/** A line for no service is most often a slip of the hand, and the public development value is used in its place. */
function unknown(options: {
  file: SecretsFile;
  declared: ReadonlyMap<string, SecretManifest>;
}): readonly Problem[] {
  const names = Array.from(options.declared.values(), ({ env }) => env);
  return Array.from(options.file.entries)
    .filter(([name]) => !names.includes(name))
    .map(([name, { location }]) => {
      const meant = nearest(name, names);
      return {
        code: 'unknown-secret',
        message: `${secretsFile} sets ${name}, but no service has a secret of that name.`,
        suggestion: meant === undefined ? 'see `arc secrets list`' : `did you mean \`${meant}\`?`,
        location,
      };
    });
}

/** A value that breaks what the manifest says of its secret, at its place. */
function unusable(options: {
  secret: SecretManifest;
  value: Secret;
  entry: SecretEntry | undefined;
}): readonly Problem[] {
  const { secret, value, entry } = options;
  const fault = secretFault({ secret, value: value.reveal() });
  if (fault === undefined) return [];
  return [
    entry === undefined
      ? {
          code: 'bad-secret',
          message: `${secret.env} ${fault}; it comes from the environment, which wins over ${secretsFile}.`,
          suggestion: `give the variable another value, or unset ${secret.env}`,
        }
      : {
          code: 'bad-secret',
          message: `${secret.env} ${fault}.`,
          suggestion: 'give it another value in this line, or let `arc secrets rotate` make one',
          location: entry.location,
        },
  ];
}
