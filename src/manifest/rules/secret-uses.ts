import type { Problem } from '../../core/errors.ts';
import { placeOf } from '../build/read.ts';
import type { ContainerPart, JobPart, ServicePart } from '../build/service.ts';
import type { Draft } from '../draft.ts';
import { quote } from '../words.ts';

/** Undeclared secrets in variables and files, and variables and files that are declared twice. */
export function checkSecretUses(draft: Draft): readonly Problem[] {
  const declared = new Set(draft.services.flatMap(({ manifest }) => Object.keys(manifest.secrets)));
  return partsOfAll(draft).flatMap(({ service, part }) => [
    ...uses(part).flatMap(({ secret, path }): Problem[] =>
      // The secret may be declared in a manifest that could not be read.
      secret === '' || declared.has(secret) || draft.unread.length > 0
        ? []
        : [
            {
              code: 'no-such-secret',
              message: `${part.manifest.name} uses the secret ${quote(secret)}, which no service declares.`,
              ...draft.didYouMean(secret, () => declared),
              location: placeOf(part, ...path),
            },
          ],
    ),
    ...variablesTwice(part),
    ...filesTwice(service, part),
  ]);
}

/** Each secret that a container gets from its environment, where every user of the Engine can read it. */
export function findOpenSecrets(draft: Draft): readonly Problem[] {
  return partsOfAll(draft).flatMap(({ part }) =>
    Object.entries(part.manifest.env_from).map(([variable, secret]) => ({
      code: 'secret-in-environment',
      message: `${part.manifest.name} gets ${secret} as ${variable} from its environment, where every user of the Engine can read it.`,
      suggestion: 'mount it as a file where the program can read one: `secret_files`, or `config`',
      location: placeOf(part, 'env_from', variable),
    })),
  );
}

type Owned = { service: ServicePart; part: ContainerPart | JobPart };

function partsOfAll(draft: Draft): readonly Owned[] {
  return draft.services.flatMap((service) =>
    [...service.containers, ...service.flavours, ...service.jobs].map((part) => ({ service, part })),
  );
}

function uses(part: ContainerPart | JobPart) {
  const { env_from, secret_files } = part.manifest;
  const routes = part.kind === 'job' ? [] : part.manifest.routes;
  const token = part.kind === 'job' ? undefined : part.manifest.metrics?.token;
  return [
    ...(token === undefined
      ? []
      : [
          { secret: token.subject, path: ['metrics', 'token', 'subject'] },
          { secret: token.secret, path: ['metrics', 'token', 'secret'] },
        ]),
    ...routes.flatMap(({ auth }, index) =>
      auth === undefined
        ? []
        : [{ secret: auth.basic.password, path: ['routes', index, 'auth', 'basic', 'password'] }],
    ),
    ...Object.entries(env_from).map(([variable, secret]) => ({ secret, path: ['env_from', variable] })),
    ...secret_files.map(({ secret }, index) => ({ secret, path: ['secret_files', index, 'secret'] })),
  ];
}

function variablesTwice(part: ContainerPart | JobPart): readonly Problem[] {
  const { env_from, environment, name } = part.manifest;
  return Object.keys(env_from)
    .filter((variable) => Object.hasOwn(environment, variable))
    .map((variable) => ({
      code: 'variable-twice',
      message: `${name} gets ${variable} from \`environment\` and from \`env_from\`.`,
      suggestion: 'remove one of the two',
      location: placeOf(part, 'env_from', variable),
    }));
}

/** A rendered file, or another secret, of the same service under the name of a secret file. */
function filesTwice(service: ServicePart, part: ContainerPart | JobPart): readonly Problem[] {
  const all = [...service.containers, ...service.flavours, ...service.jobs].map(({ manifest }) => manifest);
  return part.manifest.secret_files.flatMap(({ file, secret }, index): Problem[] => {
    const isTaken =
      all.some(({ config }) => config.some((other) => other.file === file || other.template === file)) ||
      all.some(({ secret_files }) =>
        secret_files.some((other) => other.file === file && other.secret !== secret),
      );
    if (file === '' || !isTaken) return [];
    return [
      {
        code: 'file-conflict',
        message: `The secret file ${quote(file)} would be written over another file of the service.`,
        suggestion: 'give it a name of its own',
        location: placeOf(part, 'secret_files', index, 'file'),
      },
    ];
  });
}
