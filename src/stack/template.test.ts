import fc from 'fast-check';
import { Liquid } from 'liquidjs';
import { describe, expect, test } from 'vitest';
import { guard } from './guarded.ts';
import type { Origin } from './origin.ts';
import type { Scope } from './scope.ts';
import { createRenderer } from './template.ts';

const file: Origin = { kind: 'file', file: 'services/realtime/livekit.yaml.liquid' };
const field: Origin = {
  kind: 'field',
  field: 'environment.A of arc-realtime',
  location: { file: 'services/realtime/service.yaml', line: 3, column: 1 },
};
const scope: Scope = {
  values: {
    project: 'arc',
    ports: { http: 7880 },
    containers: { cache: { host: 'arc-cache', ports: { redis: 6379 }, host_ports: { redis: 6379 } } },
    settings: { media: 'range' },
    secrets: { key: 'k' },
  },
  names: {
    ports: new Set(['http', 'media_mux']),
    containers: new Map([
      ['cache', new Set(['redis'])],
      ['storage', new Set(['s3'])],
    ]),
    settings: new Set(['media']),
    certificates: new Set(),
    secrets: new Set(['key']),
  },
  explain: (path) => (path[1] === 'storage' ? 'storage is left out' : undefined),
};

function render(text: string, options: { origin?: Origin; scope?: Scope } = {}) {
  const renderer = createRenderer();
  const result = renderer.render({ text, origin: options.origin ?? file, scope: options.scope ?? scope });
  return { result, problems: renderer.problems };
}

describe('rendering', () => {
  test('values by name', () => {
    expect(
      render('{{ project }} {{ ports.http }} {{ containers.cache.host }} {{ secrets.key }}').result,
    ).toBe('arc 7880 arc-cache k');
  });

  test('text without a template in it stays as it is', () => {
    expect(render('a { b } $(c) %}').result).toBe('a { b } $(c) %}');
  });

  test('a container that is not there is false in a condition', () => {
    expect(render('{% if containers.storage %}yes{% else %}no{% endif %}').result).toBe('no');
  });

  test('loops and filters', () => {
    expect(render('{% for c in containers %}{{ c[0] | upcase }}{% endfor %}').result).toBe('CACHE');
  });
});

test('what only names values is filled in as Liquid does it', () => {
  const liquid = new Liquid({ strictVariables: true });
  const piece = fc.constantFrom(
    ...[
      '{{ project }}',
      '{{ports.http}}',
      '{{  containers.cache.ports.redis  }}',
      '{{ containers.x-1.host }}',
    ],
    ...[
      '{{ containers.cache.ports }}',
      '{{ ports.size }}',
      '{{ ports.last }}',
      '{{- project -}}',
      '{{ "a" }}',
    ],
    ...[
      '{{ project | upcase }}',
      '{% if project %}',
      '{% endif %}',
      '{% raw %}',
      '{% endraw %}',
      '{{ settings.odd }}',
    ],
    ...['{', '}', '%', '}}', ' ', '\n', '{{', '$&', 'text'],
  );
  const values = {
    project: 'arc',
    ports: { http: 7880, size: 1, last: 2 },
    containers: { cache: { ports: { redis: 6379 } }, 'x-1': { host: 'x' } },
    settings: { odd: '{{ project }} $1' },
  };
  const names = { ...scope.names, ports: new Set(['http', 'size', 'last']), settings: new Set(['odd']) };
  const containers = new Map([
    ['cache', new Set(['redis'])],
    ['x-1', new Set<string>()],
  ]);
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 6 }), (pieces) => {
      const text = pieces.join('');
      let expected: string | undefined;
      try {
        expected = String(liquid.parseAndRenderSync(text, values));
      } catch {}
      const rendered = render(text, { scope: { ...scope, values, names: { ...names, containers } } });
      expect(rendered.problems.length === 0).toBe(expected !== undefined);
      if (expected !== undefined) expect(rendered.result).toBe(expected);
    }),
    { numRuns: 2_000 },
  );
});

describe('what is wrong is said with its place', () => {
  test('an unknown name, also in a branch that is not taken, with the nearest one', () => {
    const { result, problems } = render(
      "port: 1\n{% if settings.media == 'mux' %}\n  a: {{ containers.cahce.host }}\n{% endif %}",
    );
    expect(result).toBe('');
    expect(problems).toEqual([
      {
        code: 'template-unknown-name',
        message: '`containers.cahce` does not exist.',
        suggestion: 'did you mean `containers.cache`?',
        location: {
          file: 'services/realtime/livekit.yaml.liquid',
          line: 3,
          column: 9,
          excerpt: '  a: {{ containers.cahce.host }}',
        },
      },
    ]);
  });

  test.each([
    ['{{ port.http }}', '`port` does not exist.', 'did you mean `ports`?'],
    ['{{ ports.htp }}', '`ports.htp` does not exist.', 'did you mean `ports.http`?'],
    ['{{ settings.medai }}', '`settings.medai` does not exist.', 'did you mean `settings.media`?'],
    ['{{ secrets.kay }}', '`secrets.kay` does not exist.', 'did you mean `secrets.key`?'],
    [
      '{{ containers.cache.hots }}',
      '`containers.cache.hots` does not exist.',
      'did you mean `containers.cache.host`?',
    ],
    [
      '{{ containers.cache.ports.rediss }}',
      '`containers.cache.ports.rediss` does not exist.',
      'did you mean `containers.cache.ports.redis`?',
    ],
  ])('%s', (text, message, suggestion) => {
    expect(render(text).problems).toMatchObject([{ message, suggestion }]);
  });

  test('several at once', () => {
    expect(render('{{ a }}{{ ports.b }}{{ settings.c }}').problems).toHaveLength(3);
  });

  test('a name without a value says why', () => {
    expect(render('x: {{ containers.storage.host }}').problems).toMatchObject([
      {
        code: 'template-no-value',
        message: '`containers.storage` has no value here: storage is left out.',
        suggestion: 'put it between `{% if containers.storage %}` and `{% endif %}`',
        location: { line: 1 },
      },
    ]);
  });

  test('a secret where it could be read from outside', () => {
    const open: Scope = { ...scope, names: { ...scope.names, secrets: 'none' } };
    expect(render('{{ secrets.key }}', { origin: field, scope: open }).problems).toMatchObject([
      {
        code: 'secret-in-the-open',
        message: expect.stringContaining('environment.A of arc-realtime: `secrets.key` cannot be used here'),
        location: { file: 'services/realtime/service.yaml', line: 3 },
      },
    ]);
  });

  test.each([
    ['{{ ports.http | nothing }}', 'undefined filter: nothing.'],
    ['{% if ports.http %}', 'tag {% if ports.http %} not closed.'],
    ['{% nothing %}', 'tag "nothing" not found.'],
  ])('%s', (text, message) => {
    expect(render(text).problems).toMatchObject([
      { code: 'bad-template', message, location: { line: 1, column: expect.any(Number) } },
    ]);
  });

  test('no file is read', () => {
    expect(render("{% include '/etc/hostname' %}").problems).toHaveLength(1);
  });
});

describe('a value that may hold any character', () => {
  const guarded: Scope = {
    ...scope,
    values: {
      ...scope.values,
      secrets: { key: guard({ path: 'secrets.key', value: `it's "$5"` }) },
      settings: { media: guard({ path: 'settings.media', value: 'mux: 1' }) },
    },
  };
  const rendered = (text: string, name = 'a.yaml.liquid') =>
    render(text, { scope: guarded, origin: { kind: 'file', file: name } });
  const told = (text: string, name?: string) =>
    rendered(text, name).problems.map(
      ({ code, location, message, suggestion }) =>
        `${code} ${location?.line}:${location?.column} ${message} ${suggestion}`,
    );

  test('is written by the filter for what reads the file', () => {
    expect(rendered('a: {{ secrets.key | yaml }}\n').result).toBe('a: "it\'s \\"$5\\""\n');
    expect(rendered('{% if project %}a: {{ secrets.key | yaml }}{% endif %}').result).toBe(
      'a: "it\'s \\"$5\\""',
    );
    expect(rendered('a {{ settings.media | redis }}', 'redis.conf.liquid').result).toBe('a "mux: 1"');
    expect(
      rendered('{% capture u %}redis://:{{ secrets.key | url }}@h{% endcapture %}{{ u | yaml }}').result,
    ).toBe('"redis://:it%27s%20%22%245%22@h"');
  });

  test('can be compared with another', () => {
    expect(rendered("{% if settings.media == 'mux: 1' %}yes{% else %}no{% endif %}").result).toBe('yes');
    expect(rendered("{% if settings.media == 'range' %}yes{% else %}no{% endif %}").result).toBe('no');
  });

  test('is an error without a filter, also in a branch that is not taken', () => {
    const problem = (at: string) =>
      `unquoted-value ${at} \`secrets.key\` may hold any character, and no filter says how it is written here. write \`{{ secrets.key | yaml }}\``;
    expect(told('a: 1\nb: {{ secrets.key }}\n')).toEqual([problem('2:4')]);
    expect(told('{% if containers.storage %}\n{{ secrets.key }}{% endif %}')).toEqual([problem('2:1')]);
    expect(told('{{ secrets.key }}', 'a.conf.liquid')[0]).toContain('`{{ secrets.key | redis }}`');
  });

  test('is an error with a filter for other files, and within quotes', () => {
    expect(told('a: {{ secrets.key | shell }}')).toEqual([
      'unquoted-value 1:4 `secrets.key` is written by the filter `shell`, which does not fit into this file. what fits is `yaml`, `json` and `url`: write `{{ secrets.key | yaml }}`',
    ]);
    expect(told('a: "{{ secrets.key | yaml }}"')).toEqual([
      'unquoted-value 1:5 `secrets.key` is between quotes, and the filter `yaml` brings its own. remove the quotes around it',
    ]);
  });

  test.each([
    '{{ secrets.key | append: "a" | yaml }}',
    '{{ "a" | append: secrets.key | yaml }}',
    '{% assign a = secrets.key %}{{ a }}',
    '{% assign a = secrets.key | upcase %}{{ a | yaml }}',
    '{% for c in secrets.key %}{{ c }}{% endfor %}',
    '{{ secrets.key | size }}',
    '{{ secrets.key | first }}',
    '{{ secrets.key | json | raw }}{{ secrets.key | raw }}',
    "{% if secrets.key contains 'a' %}{% endif %}",
    "{% if secrets.key < 'a' %}{% endif %}",
    '{{ secrets | json }}',
    '{{ secrets.key.value }}',
  ])('cannot be got at in any other way: %s', (text) => {
    const { result, problems } = rendered(text);
    expect(result).toBe('');
    expect(problems.length).toBeGreaterThan(0);
  });

  test('that the file’s reader cannot be told is refused with its place, unshown', () => {
    expect(told('A=\nB={{ secrets.key | env }}', 'a.env.liquid')).toEqual([
      'unwritable-value 2:3 `secrets.key` holds \' together with one of " $ ` \\, which `env` cannot write. give it another value, or use a format that can hold it',
    ]);
  });

  test('is filled in as Liquid does it, whatever the filters', () => {
    const piece = fc.constantFrom(
      ...[
        '{{ secrets.key | yaml }}',
        '{{secrets.key|url}}',
        '{{ secrets.key | url | yaml }}',
        ' ',
        '\n',
        ': ',
      ],
      ...['{{ project | yaml }}', '{{ ports.http | json }}', '{{ settings.media | json | url }}', 'a'],
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 6 }), (pieces) => {
        const text = pieces.join('');
        // With a tag in it, it takes Liquid.
        expect(rendered(`${text}{% if project %}{% endif %}`).result).toBe(rendered(text).result);
      }),
      { numRuns: 500 },
    );
  });
});
