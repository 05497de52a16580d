import { expect, test } from 'vitest';
import { serviceText } from '../../../tests/fixtures/workspace.ts';
import { formatProblem } from '../../cli/output/format-problem.ts';
import { parseManifests } from '../parse.ts';

const secrets = `secrets:
  token: { description: d, dev: dev-token-value, generate: { length: 20 }, env: TOKEN }
`;

function parse(further: string) {
  const text = serviceText('app', secrets + further);
  return parseManifests({
    files: new Map([
      ['services/app/service.yaml', text],
      ['services/app/a.conf.liquid', 'x'],
    ]),
  });
}

const shown = (further: string) =>
  parse(further)
    .problems.map((problem) => formatProblem(problem).split('\n').slice(0, 2).join('\n'))
    .join('\n');

test('secrets are handed over as variables and as files, and a variable is warned of', () => {
  const { problems, warnings, manifests } = parse(
    'env_from: { APP_TOKEN: token }\nsecret_files: [{ secret: token, file: token.txt, target: /token }]\n',
  );
  expect(problems).toEqual([]);
  expect(manifests?.services[0]).toMatchObject({
    env_from: { APP_TOKEN: 'token' },
    secret_files: [{ secret: 'token', file: 'token.txt', target: '/token' }],
  });
  expect(warnings.map(({ code, location }) => `${code} ${location?.line}:${location?.column}`)).toEqual([
    'secret-in-environment 14:24',
  ]);
});

test('secrets that are not there, variables and files that are there twice', () => {
  expect(
    shown(`environment: { B: x }
env_from: { A: tokn, B: token }
config: [{ template: a.conf.liquid, file: a.conf, target: /a }]
secret_files:
  - { secret: other, file: other.txt, target: /o }
  - { secret: token, file: a.conf, target: /b }
`),
  ).toBe(`error[no-such-secret] services/app/service.yaml:15:16
  arc-app uses the secret "tokn", which no service declares.
error[variable-twice] services/app/service.yaml:15:25
  arc-app gets B from \`environment\` and from \`env_from\`.
error[no-such-secret] services/app/service.yaml:18:15
  arc-app uses the secret "other", which no service declares.
error[file-conflict] services/app/service.yaml:19:28
  The secret file "a.conf" would be written over another file of the service.`);
});
