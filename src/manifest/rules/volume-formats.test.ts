import { describe, expect, test } from 'vitest';
import { serviceText } from '../../../tests/fixtures/workspace.ts';
import { parseManifests } from '../parse.ts';

const recipe = 'recipe:\n  - { kind: debian, packages: [demo] }\n';

function parse(format: string, further = recipe, workspace = '') {
  const text = serviceText('a', `${further}volumes:\n  - { name: data, target: /data, format: ${format} }\n`);
  const files = new Map([
    ['services/a/service.yaml', text],
    ['arc.yaml', workspace],
  ]);
  const { problems, warnings, manifests } = parseManifests({ files });
  const brief = problems.map(({ code, message, location }) => `${code} at ${location?.column}: ${message}`);
  return { problems: brief, warnings: warnings.map(({ code }) => code), manifests };
}

const reads = 'reads: { upstream: 15, recipe: 15 }';

describe('the format of a volume', () => {
  test('is read as it is written', () => {
    const { problems, manifests } = parse(`{ files: [PG_VERSION], pattern: '^(\\d+)', ${reads} }`);
    expect(problems).toEqual([]);
    expect(manifests?.services[0]?.volumes).toEqual([
      {
        name: 'data',
        target: '/data',
        format: {
          files: ['PG_VERSION'],
          pattern: '^(\\d+)',
          reads: { upstream: 15, recipe: 15 },
          exact: false,
        },
      },
    ]);
  });

  test.each(['/etc/passwd', '../x', 'a/../x', '..', 'a/./b', '*/x', 'a/'])(
    'has no file %s, which is outside of it or has * too early',
    (file) => {
      expect(parse(`{ files: ["${file}"], pattern: '^(\\d+)', ${reads} }`).problems).toEqual([
        expect.stringContaining('bad-value'),
      ]);
    },
  );

  test('has a pattern with a group that is the version', () => {
    expect(parse(`{ files: [V], pattern: '^\\d+', ${reads} }`).problems).toEqual([
      'volume-format-pattern at 65: "^\\d+" has no group that is the version.',
    ]);
    expect(parse(`{ files: [V], pattern: '^(?:\\d+)', ${reads} }`).problems).toHaveLength(1);
    expect(parse(`{ files: [V], pattern: '^(\\d+', ${reads} }`).problems).toEqual([
      'volume-format-pattern at 65: "^(\\d+" is not a regular expression: Unterminated group.',
    ]);
  });

  test('says what the recipe reads, where there is one', () => {
    const format = "{ files: [V], pattern: '^(\\d+)', reads: { upstream: 15 } }";
    expect(parse(format).problems).toEqual([
      "volume-format-reads at 82: arc-a has a recipe, but nothing says which data version the recipe's program reads.",
    ]);
    expect(parse(format, '').problems).toEqual([]);
  });
});

describe('data that one base writes and the other cannot read', () => {
  const format = "{ files: [V], pattern: '^(\\d+)', reads: { upstream: 15, recipe: 17 } }";

  test('is warned of while a container may get either', () => {
    expect(parse(format).warnings).toEqual(['volume-format-differs']);
    expect(parse(format, recipe, 'bases: auto').warnings).toEqual(['volume-format-differs']);
  });

  test.each(['bases: local', 'base_overrides: { a: registry }'])('is no matter with %s', (workspace) => {
    expect(parse(format, recipe, workspace).warnings).toEqual([]);
  });

  test('is no matter where both read the same, or there is one base', () => {
    expect(parse(`{ files: [V], pattern: '^(\\d+)', ${reads} }`).warnings).toEqual([]);
    expect(parse(format, '').warnings).toEqual([]);
  });
});
