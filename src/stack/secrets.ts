import type { Problem } from '../core/errors.ts';
import { formsOf, Secret } from '../core/secret.ts';
import type { Manifests, ProfileManifest } from '../manifest/model.ts';
import type { Entry } from './workspace-index.ts';

/** Every secret of the workspace by name: the real value, or the static development value if there is none. */
export function chooseSecrets(options: {
  manifests: Manifests;
  secrets: ReadonlyMap<string, Secret>;
}): ReadonlyMap<string, Secret> {
  const chosen = new Map<string, Secret>();
  for (const service of options.manifests.services) {
    for (const [name, manifest] of Object.entries(service.secrets)) {
      chosen.set(name, options.secrets.get(name) ?? new Secret(manifest.dev));
    }
  }
  return chosen;
}

/** True while every secret has its public development value, so that files which hold them may be committed. */
export function allDevelopment(options: {
  manifests: Manifests;
  secrets: ReadonlyMap<string, Secret>;
}): boolean {
  return options.manifests.services.every((service) =>
    Object.entries(service.secrets).every(([name, manifest]) => {
      const value = options.secrets.get(name);
      return value === undefined || value.reveal() === manifest.dev;
    }),
  );
}

/** One problem for each development secret of a container that a production profile is about to run. */
export function developmentSecrets(options: {
  profile: ProfileManifest;
  included: Iterable<Entry>;
  secrets: ReadonlyMap<string, Secret>;
}): readonly Problem[] {
  const problems: Problem[] = [];
  for (const service of new Set(Array.from(options.included, (entry) => entry.service))) {
    for (const [name, manifest] of Object.entries(service.secrets)) {
      if (options.secrets.get(name)?.reveal() !== manifest.dev) continue;
      problems.push({
        code: 'development-secret',
        message: `The profile ${options.profile.name} is for production, and ${name} still has its public development value.`,
        suggestion: `run \`arc secrets generate\`, or set ${manifest.env}`,
      });
    }
  }
  return problems;
}

/**
 * The values that output must not show, longest first: where one secret is the beginning of another, redacting the shorter one first
 * would leave the rest of the longer one readable.
 */
export function forRedaction(options: {
  manifests: Manifests;
  secrets: ReadonlyMap<string, Secret>;
}): readonly Secret[] {
  const { manifests, secrets } = options;
  const names = new Set(
    manifests.services
      .flatMap((service) => Object.entries(service.secrets))
      .filter(([, { sensitive }]) => !sensitive)
      .map(([name]) => name),
  );
  return Array.from(secrets)
    .filter(([name]) => !names.has(name))
    .flatMap(([, secret]) => formsOf(secret))
    .toSorted((a, b) => b.reveal().length - a.reveal().length);
}
