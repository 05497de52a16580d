import { afterAll, expect, test, vi } from 'vitest';
import { serviceText } from '../../../tests/fixtures/workspace.ts';
import { formatProblem } from '../../cli/output/format-problem.ts';
import { maximumFileSize } from '../../core/text.ts';
import { shapesOf } from '../schema/shape.ts';

// A kind of no technology, whose schema is all that makes it name files.
async function withBatches() {
  vi.resetModules();
  const load = await import('../schema/load.ts');
  const schema = {
    title: 'a test.batch',
    type: 'object',
    properties: {
      kind: { const: 'test.batch' },
      name: { type: 'string' },
      scripts: {
        title: 'patterns',
        type: 'array',
        items: { type: 'string' },
        'x-files': true,
      },
    },
    required: ['kind', 'name', 'scripts'],
    additionalProperties: false,
  };
  const batch = { schema, shapes: shapesOf(schema) };
  vi.doMock(import('../schema/load.ts'), () => ({
    ...load,
    provisionSchema: (kind: string) => (kind === 'test.batch' ? batch : load.provisionSchema(kind)),
  }));
  vi.resetModules();
  return import('../parse.ts');
}

const { parseManifests } = await withBatches();

afterAll(() => {
  vi.doUnmock('../schema/load.ts');
  vi.resetModules();
});

function parse(scripts: string, files: Readonly<Record<string, string | Uint8Array>>) {
  return parseManifests({
    files: new Map<string, string | Uint8Array>([
      [
        'services/store/service.yaml',
        serviceText('store', `provision:\n  - { kind: test.batch, name: one, scripts: ${scripts} }\n`),
      ],
      ...Object.entries(files).map(([name, content]) => [`services/store/${name}`, content] as const),
    ]),
  });
}

const shown = (...given: Parameters<typeof parse>) =>
  parse(...given)
    .problems.map((problem) => formatProblem(problem))
    .join('\n');

test('names files of any kind, each once, and its pattern is no field of it any more', () => {
  const { manifests, problems } = parse('[scripts, scripts/a.sql, "more/*.json"]', {
    'scripts/b.bin': new Uint8Array([0xff]),
    'scripts/a.sql': 'SELECT 1;',
    'more/c.json': '{}',
    'more/d.txt': '',
  });
  expect(problems).toEqual([]);
  expect(manifests?.services[0]?.provision[0]).toMatchObject({
    name: 'one',
    fields: {},
    files: ['services/store/scripts/a.sql', 'services/store/scripts/b.bin', 'services/store/more/c.json'],
  });
});

test('a pattern that means no file is an error with the folder that was meant', () => {
  expect(shown('[scrips]', { 'scripts/a.sql': '' })).toMatchInlineSnapshot(`
    "error[missing-file] services/store/service.yaml:13:45
      Nothing in services/store has the name or matches the pattern "scrips".
        13 |   - { kind: test.batch, name: one, scripts: [scrips] }
           |                                             ^
      help: did you mean "scripts"?"
  `);
});

test('a file that is too large to be read whole is an error', () => {
  expect(shown('[scripts]', { 'scripts/a.sql': new Uint8Array(maximumFileSize + 1) })).toMatchInlineSnapshot(`
    "error[file-too-large] services/store/service.yaml:13:45
      services/store/scripts/a.sql is larger than 1 MiB, the most that arc reads of a file.
        13 |   - { kind: test.batch, name: one, scripts: [scripts] }
           |                                             ^
      help: split it"
  `);
});
