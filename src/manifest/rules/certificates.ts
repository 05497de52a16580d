import type { Problem } from '../../core/errors.ts';
import { nearest } from '../../core/nearest.ts';
import { placeOf } from '../build/read.ts';
import type { Draft } from '../draft.ts';

/** Certificates for a domain that no setting says. */
export function checkCertificates(draft: Draft): readonly Problem[] {
  const settings = new Map(draft.services.flatMap(({ manifest }) => Object.entries(manifest.settings)));
  const domains = [...settings].filter(([, { kind }]) => kind === 'domain').map(([name]) => name);
  return draft.services.flatMap((service) =>
    Object.entries(service.manifest.certificates).flatMap(([name, { domain, when }]): Problem[] => {
      const wrong = Object.keys(when).filter((setting) => !settings.has(setting));
      const meant = nearest(domain, domains);
      return [
        ...(domains.includes(domain)
          ? []
          : [
              {
                code: 'certificate-domain',
                message: `No setting of kind domain is called ${domain}.`,
                ...(meant === undefined ? {} : { suggestion: `did you mean \`${meant}\`?` }),
                location: placeOf(service, 'certificates', name, 'domain'),
              },
            ]),
        ...wrong.map((setting) => ({
          code: 'unknown-setting',
          message: `No service has a setting called ${setting}.`,
          location: placeOf(service, 'certificates', name, 'when', setting),
        })),
      ];
    }),
  );
}
