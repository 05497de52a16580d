import type { Problem, SourceLocation } from '../../core/errors.ts';
import { nkeySeed } from '../../core/nkey.ts';
import { shortestHidden } from '../../core/secret.ts';
import { placeOf } from '../build/read.ts';
import type { ServicePart } from '../build/service.ts';
import type { Draft } from '../draft.ts';
import type { GeneratedSecret, SecretManifest } from '../model.ts';
import { secretFault } from '../secret-rules.ts';
import { entries, member } from '../yaml/tree.ts';

/** Secrets whose development value, or whose generated one, breaks what the manifest itself says of them. */
export function checkSecrets(draft: Draft): readonly Problem[] {
  return draft.services.flatMap((service) =>
    Object.entries(service.manifest.secrets).flatMap(([name, secret]) =>
      [
        ...tooShortToHide({ name, secret, location: placeOf(service, 'secrets', name, 'length', 'min') }),
        ...generatedFault({ name, service, secret }),
        ...faultOf({
          subject: `The development value of ${name}`,
          value: secret.dev,
          secret,
          location: placeOf(service, 'secrets', name, 'dev'),
        }),
        ...faultOf({
          subject: `The generated value of ${name}`,
          value: plausible(secret.generate),
          secret,
          location: placeOf(service, 'secrets', name, 'generate'),
        }),
      ].slice(0, 1),
    ),
  );
}

/** The schema accepts either field alone and both together. */
function generatedFault(options: {
  name: string;
  service: ServicePart;
  secret: SecretManifest;
}): readonly Problem[] {
  const { name, service, secret } = options;
  const node = member(member(member(service.node, 'secrets'), name), 'generate');
  const isBoth = member(node, 'nkey') !== undefined && [...entries(node)].length > 1;
  const isNeither = node !== undefined && secret.generate.kind === 'text' && !member(node, 'length');
  if (!isBoth && !isNeither) return [];
  return [
    {
      code: 'bad-secret',
      message: isBoth
        ? `${name} is generated as an nkey, which has a length of its own and no prefix.`
        : `${name} says nothing of how long its generated value is.`,
      suggestion: 'write `generate: { length: 40 }` or `generate: { nkey: true }`',
      location: placeOf(service, 'secrets', name, 'generate'),
    },
  ];
}

/** An invalid length is reported where it is read; a length beyond every secret needs no upper bound. */
function plausible(generate: GeneratedSecret): string {
  return generate.kind === 'nkey'
    ? nkeySeed(new Uint8Array(32))
    : generate.prefix + 'x'.repeat(Math.min(Math.max(0, generate.length), 100_000));
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
