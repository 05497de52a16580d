import type { Secret } from '../core/secret.ts';
import type { ServiceManifest } from '../manifest/model.ts';
import { holds } from './condition.ts';
import type { Stack } from './model.ts';

/** A certificate that a service's manifest asks of the workspace's own authority. */
export type WantedCertificate = { name: string; domain: string };

/** A certificate with its key, or the authority, which is new: its file below the workspace, and why it is written. */
export type KeptFile = { name: string; path: string; content: Secret; cause: string };

/** In PEM. `files` are the new ones to keep. */
export type Certificate = { chain: string; key: Secret; files: readonly KeptFile[] };

/** The certificates of services under some settings. */
export function wantedCertificates(options: {
  services: readonly Pick<ServiceManifest, 'certificates'>[];
  settings: Stack['settings'];
}): readonly WantedCertificate[] {
  const { services, settings } = options;
  return services.flatMap(({ certificates }) =>
    Object.entries(certificates).flatMap(([name, { domain, when }]) =>
      holds({ when, settings }) ? [{ name, domain: settings[domain]?.value ?? domain }] : [],
    ),
  );
}
