import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { keptVerdict } from './kept-verdict.ts';

let folder: string;
let root: string;
let program: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kept-verdict-'));
  root = join(folder, 'workspace');
  program = join(folder, 'arc.cjs');
  mkdirSync(root);
  writeFileSync(program, 'one');
  writeFileSync(join(root, 'secrets.env'), 'A=1\n', { mode: 0o600 });
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const arc: ReadonlyMap<string, string | Uint8Array> = new Map([['arc.yaml', 'project: arc\n']]);
const verdict = { services: 3, warnings: [{ code: 'some', message: 'Something is odd.' }] };
const variables = { ARC_MEDIA: 'mux', REDIS_PASSWORD: undefined };
const environment = { ARC_MEDIA: 'mux', HOME: '/root' };

function open(files: ReadonlyMap<string, string | Uint8Array> = arc, at = root) {
  return keptVerdict({ cache: folder, program, root: at, files, beside: ['secrets.env', 'ports.json'] });
}

function onlyCopy(): string {
  const [name = ''] = readdirSync(join(folder, 'verdicts'));
  return join(folder, 'verdicts', name);
}

describe('the last verdict', () => {
  beforeEach(() => open().keep(verdict, variables));

  it('is found again, with its warnings', () => {
    expect(open().read(environment)).toStrictEqual(verdict);
  });

  it('holds whatever happens to variables that nobody looked at', () => {
    expect(open().read({ ...environment, HOME: '/home/ada', NEW: '1' })).toStrictEqual(verdict);
  });

  it.each([
    ['another value of a variable', { ARC_MEDIA: 'range' }],
    ['no value of a variable', {}],
    ['a value of a variable that was not set', { ...environment, REDIS_PASSWORD: 'x' }],
    ['an empty value of a variable that was not set', { ...environment, REDIS_PASSWORD: '' }],
  ])('does not hold with %s', (_, other) => {
    expect(open().read(other)).toBeUndefined();
  });

  it.each([
    ['a byte of a file', new Map([['arc.yaml', 'project: ark\n']])],
    ['a further file', new Map([...arc, ['services/cache/service.yaml', '']])],
  ] as const)('does not hold with %s changed', (_, files) => {
    expect(open(files).read(environment)).toBeUndefined();
  });

  it.each([
    ['another content', () => writeFileSync(join(root, 'secrets.env'), 'A=2\n')],
    ['other rights', () => chmodSync(join(root, 'secrets.env'), 0o644)],
    ['been removed', () => rmSync(join(root, 'secrets.env'))],
    ['been made', () => writeFileSync(join(root, 'ports.json'), '{}')],
    ['become unreadable', () => mkdirSync(join(root, 'ports.json'))],
  ])('does not hold once a file beside the manifests has %s', (_, change) => {
    change();
    expect(open().read(environment)).toBeUndefined();
  });

  it('does not hold for another workspace or another program', () => {
    expect(open(arc, folder).read(environment)).toBeUndefined();
    utimesSync(program, 1, 1);
    expect(open().read(environment)).toBeUndefined();
  });

  it('does not hold where a bit of the copy is wrong', () => {
    const bytes = readFileSync(onlyCopy());
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
    writeFileSync(onlyCopy(), bytes);
    expect(open().read(environment)).toBeUndefined();
  });
});

it('is not kept if a file beside the manifests changed while it was reached', () => {
  const kept = open();
  writeFileSync(join(root, 'secrets.env'), 'A=2\n');
  kept.keep(verdict, variables);
  writeFileSync(join(root, 'secrets.env'), 'A=1\n');
  expect(open().read(environment)).toBeUndefined();
  expect(readdirSync(folder)).not.toContain('verdicts');
});
