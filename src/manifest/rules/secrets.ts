import type { Problem, SourceLocation } from '../../core/errors.ts';
import { shortestHidden } from '../../core/secret.ts';
import { placeOf } from '../build/read.ts';
import type { Draft } from '../draft.ts';
import type { SecretManifest } from '../model.ts';
import { secretFault } from '../secret-rules.ts';

/** Secrets whose development value, or whose generated one, breaks what the manifest itself says of them. */
export function checkSecrets(draft: Draft): readonly Problem[] {
  return draft.services.flatMap((service) =>
    Object.entries(service.manifest.secrets).flatMap(([name, secret]) =>
      [
        ...tooShortToHide({ name, secret, location: placeOf(service, 'secrets', name, 'length', 'min') }),
        ...faultOf({
          subject: `The development value of ${name}`,
          value: secret.dev,
          secret,
          location: placeOf(service, 'secrets', name, 'dev'),
        }),
        ...faultOf({
          subject: `The generated value of ${name}`,
          value: secret.generate.prefix + 'x'.repeat(plausible(secret.generate.length)),
          secret,
          location: placeOf(service, 'secrets', name, 'generate'),
        }),
      ].slice(0, 1),
    ),
  );
}

/** An invalid length is reported where it is read; a length beyond every secret needs no upper bound. */
function plausible(length: number): number {
  return Math.min(Math.max(0, length), 100_000);
}

function tooShortToHide(options: {
  name: string;
  secret: SecretManifest;
  location: SourceLocation;
}): readonly Problem[] {
  const { name, secret, location } = options;
  if (!secret.sensitive || secret.length.min >= shortestHidden) return [];
  return [
    {
      code: 'bad-secret',
      message: `${name} may be shorter than ${shortestHidden} characters, too short to be hidden in output.`,
      suggestion: `ask for at least ${shortestHidden}; a value that gives no access by itself may have \`sensitive: false\``,
      location,
    },
  ];
}

function faultOf(options: {
  subject: string;
  value: string;
  secret: SecretManifest;
  location: SourceLocation;
}): readonly Problem[] {
  const { subject, value, secret, location } = options;
  // Without a value there is a problem of the schema already.
  const fault = value === '' || value.length > 10_000 ? undefined : secretFault({ secret, value });
  if (fault === undefined) return [];
  const message = `${subject} ${fault}.`;
  const suggestion = 'correct the value, or `length` and `characters` of the secret';
  return [{ code: 'bad-secret', message, suggestion, location }];
}
