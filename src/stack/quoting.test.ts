import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { load } from 'js-yaml';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { type QuotingName, quoteFor } from './quoting.ts';

function write(quoting: QuotingName, value: string): string {
  const text = quoteFor({ quoting, value });
  if (typeof text !== 'string') throw new Error(text.reason);
  return text;
}

/** What has been a fault somewhere, and what looks like something else to YAML. */
const nasty = [
  ...['0123456789012345678901234567890123456789', '012345678901', '0x1f', '1e3', '1_000', '.inf', '12:30:45'],
  ...['true', 'no', 'NULL', '~', '=', '<<', '-', '? a', '- a', 'a: b', 'a #b', '#a', '[a', '{a', '}', ','],
  ...[
    '&a',
    '*a',
    '!a',
    '|',
    '>',
    '%a',
    '@a',
    '`a',
    "'",
    '"',
    '\\',
    '\\n',
    '$HOME',
    '$'.concat('{A}'),
    '$(id)',
    '%41',
  ],
  ...['p@ss/w0rd==', ' a ', 'ä', '\u{1F600}', 'it\'s "$5" \\', '{{ a }}', '{% a %}', 'a\u2028b', '\uFEFFa'],
];
const lines = fc.oneof(fc.constantFrom(...nasty), fc.string({ unit: 'binary' }), fc.string());
const text = lines.filter((value) => !value.includes('\0') && value.isWellFormed());
const line = text.filter((value) => !/[\r\n]/.test(value));

/** As MinIO reads MINIO_CONFIG_ENV_FILE (cmd/common-main.go, parsEnvEntry). */
function asMinio(entry: string): string {
  const [, value = ''] = /^[^=]*=([\s\S]*)$/.exec(entry.trim()) ?? [];
  const quote = value[0];
  return value.length >= 2 && (quote === '"' || quote === "'") && value.at(-1) === quote
    ? value.slice(1, -1)
    : value;
}

/** As Redis reads an argument of its configuration (sds.c, sdssplitargs), byte for byte. */
function asRedis(argument: string): string {
  const inner = /^"([\s\S]*)"$/.exec(argument)?.[1] ?? '';
  const named: Record<string, string> = { n: '\n', r: '\r', t: '\t', b: '\b', a: '\u0007' };
  return inner.replaceAll(/\\(?:x([0-9a-fA-F]{2})|([\s\S]))/g, (_, hex?: string, one = '') =>
    hex === undefined ? (named[one] ?? one) : String.fromCharCode(Number.parseInt(hex, 16)),
  );
}

function asShell(assignments: readonly string[]): readonly string[] {
  const script = `${assignments.map((value, at) => `V${at}=${value}\nprintf '%s\\0' "$V${at}"`).join('\n')}\n`;
  return execFileSync('sh', ['-s'], { input: script, encoding: 'utf8' }).split('\0').slice(0, -1);
}

describe('a value is read as it was meant', () => {
  test('by YAML, as value and as key, alone and beside others', () => {
    fc.assert(
      fc.property(text, text, (key, value) => {
        const document = `keys:\n  ${write('yaml', key)}: ${write('yaml', value)}\nlist: [${write('yaml', value)}, x]\n`;
        const meant = { keys: Object.fromEntries([[key, value]]), list: [value, 'x'] };
        if (key === '<<' || key === '__proto__') return;
        expect(load(document)).toEqual(meant);
        expect(parse(document)).toEqual(meant);
      }),
      { numRuns: 2000 },
    );
  });

  test('by JSON', () => {
    fc.assert(
      fc.property(text, (value) => {
        expect(JSON.parse(write('json', value))).toBe(value);
      }),
    );
  });

  test('by a URL, as user, password and part of a path', () => {
    fc.assert(
      fc.property(text, (value) => {
        const part = write('url', value);
        const url = new URL(`http://${part}:${part}@host/a/${part}/b`);
        expect(decodeURIComponent(url.username)).toBe(value);
        expect(decodeURIComponent(url.password)).toBe(value);
        if (value !== '.' && value !== '..') expect(decodeURIComponent(url.pathname)).toBe(`/a/${value}/b`);
      }),
    );
  });

  test('by Redis', () => {
    fc.assert(
      fc.property(text, (value) => {
        expect(asRedis(write('redis', value))).toBe(value);
      }),
    );
    expect(write('redis', 'a\n"')).toBe('"a\\x0a\\""');
  });

  test('by a shell', () => {
    const values = [...nasty, ...fc.sample(text, 300)];
    expect(asShell(values.map((value) => write('shell', value)))).toEqual(values);
  });

  test('by shells and MinIO alike, or refused', () => {
    const values = [...nasty, ...fc.sample(line, 300)].filter(
      (value) => typeof quoteFor({ quoting: 'env', value }) === 'string',
    );
    expect(values.length).toBeGreaterThan(200);
    expect(asShell(values.map((value) => write('env', value)))).toEqual(values);
    expect(values.map((value) => asMinio(`A=${write('env', value)}`))).toEqual(values);
  });
});

test('what a reader cannot be told is refused with the reason', () => {
  expect(quoteFor({ quoting: 'env', value: 'a\nb' })).toEqual({ reason: 'holds a line break' });
  expect(quoteFor({ quoting: 'env', value: `'"` })).toEqual({
    reason: 'holds \' together with one of " $ ` \\',
  });
  for (const quoting of ['yaml', 'json', 'shell', 'env', 'redis', 'url'] as const)
    expect(quoteFor({ quoting, value: 'a\0' })).toEqual({ reason: 'holds a zero byte' });
});

test('of an nkey only the public half is written', () => {
  const seed = 'SUAECLRMKUZTUTARPI3KDIYUIYTY2WVSJFZ4SJJBV6YNPPC5G2VQQMTWEA';
  expect(write('nkey', seed)).toBe('UA5GK5ALIIODHJF6P5W3Y4HY3IOPMHIEVTY7XXXXYIAZXSFLTUDLDMQR');
  expect(quoteFor({ quoting: 'nkey', value: 'a password' })).toEqual({
    reason: 'is not the seed of an nkey',
  });
});

test('a certificate of one line becomes a PEM file, and what is none is refused', () => {
  const base64 = 'MIIBszCC'.repeat(20);
  const [first, ...lines] = write('pem', base64).split('\n');
  expect([first, lines.pop()]).toEqual(['-----BEGIN CERTIFICATE-----', '-----END CERTIFICATE-----']);
  expect(lines.map(({ length }) => length)).toEqual([64, 64, 32]);
  expect(lines.join('')).toBe(base64);
  for (const value of ['', '-----BEGIN CERTIFICATE-----', '/etc/ssl/ca.pem', 'MII=B'])
    expect(quoteFor({ quoting: 'pem', value })).toEqual({ reason: 'is not the Base64 of a certificate' });
});
