import { Secret } from '../core/secret.ts';
import { mountedFrom } from './config.ts';
import type { Making } from './containers.ts';
import type { ResolvedConfigFile, SecretEnvironment } from './model.ts';
import type { Entry } from './workspace-index.ts';

/**
 * The variables of a container that hold secrets, and the file that Docker Compose reads them from: the committed one
 * while all of them have their development values, else one in the folder that git ignores.
 */
export function resolveEnvFrom(options: { entry: Entry; making: Making }): {
  secretEnvironment?: SecretEnvironment;
} {
  const { entry, making } = options;
  const names = Object.entries(entry.manifest.env_from);
  if (names.length === 0) return {};
  const asCommitted =
    names.every(([, name]) => isCommitted({ entry, making, secret: name })) &&
    JSON.stringify(asWritten({ entry, making }).env_from) === JSON.stringify(entry.manifest.env_from);
  return {
    secretEnvironment: {
      file: `${mountedFrom({ entry, asCommitted })}/${entry.role}.secrets.env`,
      variables: Object.fromEntries(
        names.map(([variable, name]) => [variable, new Secret(making.values.secrets[name] ?? '')]),
      ),
    },
  };
}

/** Secrets that are mounted as files. */
export function resolveSecretFiles(options: { entry: Entry; making: Making }): readonly ResolvedConfigFile[] {
  const { entry, making } = options;
  const written = asWritten({ entry, making }).secret_files;
  return entry.manifest.secret_files.map(({ secret, file, target }) => ({
    file: `${mountedFrom({
      entry,
      asCommitted: isCommitted({ entry, making, secret }) && written.some((one) => one.file === file),
    })}/${file}`,
    template: entry.service.file,
    target,
    content: new Secret(making.values.secrets[secret] ?? ''),
    exact: true,
  }));
}

/** The container of committed files, which are of no other flavour. */
function asWritten({ entry, making }: { entry: Entry; making: Making }): Entry['manifest'] {
  return (making.committed(entry)?.index.entries.get(entry.role) ?? entry).manifest;
}

function isCommitted(options: { entry: Entry; making: Making; secret: string }): boolean {
  const { entry, making, secret } = options;
  const committed = making.committed(entry);
  return committed === undefined || committed.secrets[secret] === making.values.secrets[secret];
}
