import type { Secret } from '../core/secret.ts';
import type { Manifests } from '../manifest/model.ts';
import { holds } from './condition.ts';
import type { Stack } from './model.ts';

/** A certificate that a service's manifest asks of the workspace's own authority. */
export type WantedCertificate = { name: string; domain: string };

/** A file below the workspace. */
export type KeptFile = { path: string; content: Secret };

/** In PEM. `files` are the new ones to keep. */
export type Certificate = { chain: string; key: Secret; files: readonly KeptFile[] };

/** The certificates of the services of a stack, under its settings. */
export function wantedCertificates(options: {
  manifests: Manifests;
  stack: Pick<Stack, 'containers' | 'settings'>;
}): readonly WantedCertificate[] {
  const { manifests, stack } = options;
  const services = new Set(stack.containers.map(({ service }) => service));
  return manifests.services
    .filter(({ role }) => services.has(role))
    .flatMap(({ certificates }) =>
      Object.entries(certificates).flatMap(([name, { domain, when }]) =>
        holds({ when, settings: stack.settings })
          ? [{ name, domain: stack.settings[domain]?.value ?? domain }]
          : [],
      ),
    );
}
