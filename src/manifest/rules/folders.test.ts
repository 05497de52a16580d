import { expect, test } from 'vitest';
import { serviceText } from '../../../tests/fixtures/workspace.ts';
import { formatProblem } from '../../cli/output/format-problem.ts';
import { parseManifests } from '../parse.ts';

const port = 'ports: [{ name: http, container: 80, purpose: answers }]\n';

function shown(folder: string, ...names: readonly string[]): string {
  const files = new Map<string, string | Uint8Array>([
    ['services/logs/service.yaml', serviceText('logs', `${port}folders:\n  - ${folder}\n`)],
    ...names.map(
      (name) => [`services/logs/${name}`, name === 'rules/bin' ? new Uint8Array([255]) : 'x'] as const,
    ),
  ]);
  return parseManifests({ files })
    .problems.map((problem) =>
      formatProblem(problem)
        .split('\n')
        .filter((line) => !/^ +(\d+)? \|/.test(line))
        .join('\n'),
    )
    .join('\n');
}

test('a folder of templates, and one of any other files', () => {
  expect(shown('{ folder: rules, target: /r }', 'rules/a.yaml.liquid', 'rules/deep/b.conf.liquid')).toBe('');
  expect(shown('{ folder: rules, target: /r }', 'rules/a.json.liquid')).toBe('');
  expect(shown('{ folder: rules, target: /r }', 'rules/a.sql', 'rules/b.avsc', 'rules/bin')).toBe('');
});

test('a folder that is not there', () => {
  expect(shown('{ folder: ruels, target: /r }', 'rules/a.sql')).toBe(
    `error[missing-folder] services/logs/service.yaml:14:15
  There is no file in the folder services/logs/ruels.
  help: did you mean "rules"?`,
  );
});

test('templates beside other files, and templates of a format that has no comments', () => {
  expect(shown('{ folder: rules, target: /r }', 'rules/a.yaml.liquid', 'rules/b.yaml')).toContain(
    'error[mixed-folder] services/logs/service.yaml:14:15\n  services/logs/rules holds templates and b.yaml, which is not a template.',
  );
  expect(shown('{ folder: rules, target: /r }', 'rules/a.xml.liquid')).toContain(
    'error[template-format] services/logs/rules/a.xml.liquid:1:1',
  );
});

test('a folder that follows others, of a program that does not reload it', () => {
  expect(
    shown('{ folder: rules, target: /r, follows: true }', 'rules/a.conf'),
  ).toBe(`error[follows-without-reload] services/logs/service.yaml:14:43
  arc-logs follows others with rules, and nothing says how it loads a change.
  help: add \`reload\``);
});

test('a reload that could not be asked for or proved', () => {
  const reload = (text: string) => shown(`{ folder: rules, target: /r, reload: ${text} }`, 'rules/a.conf');
  expect(reload('{ kind: signal, proof: { port: http, path: /, pattern: "(x)", mark: time } }')).toBe('');
  expect(
    reload(
      '{ kind: http, port: htp, path: /-/reload, proof: { port: no, path: /, pattern: "x", mark: digest } }',
    ),
  ).toBe(`error[unknown-port] services/logs/service.yaml:14:62
  The reload asks the port "htp", which arc-logs does not have.
  help: did you mean "http"?
error[unknown-port] services/logs/service.yaml:14:99
  The proof of the reload asks the port "no", which arc-logs does not have.
  help: use one of http
error[proof-pattern] services/logs/service.yaml:14:121
  The pattern "x" is not a regular expression with a group.
  help: put what is the mark in parentheses: \`"config_load_time":"([^"]+)"\`
error[proof-file] services/logs/service.yaml:14:132
  The mark is a digest, and nothing says of which file of the folder.
  help: name it as \`file\``);
  expect(
    reload('{ kind: watch, proof: { port: http, path: /, pattern: "(x)", mark: digest, file: b.conf } }'),
  ).toContain('The mark is the digest of "b.conf", which is not in the folder.');
});
