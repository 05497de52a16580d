import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ensureImages } from '../../src/images/ensure.ts';
import type { ImageRequest } from '../../src/images/model.ts';
import { fixRecipe } from '../../src/images/recipes/fixed-step.ts';
import type { RecipeStep } from '../../src/manifest/model-recipe.ts';
import { openBench, runIn, startIn, stepLines, type TestBench, tinyRequest } from './images-engine.ts';

// A base of Debian's Python and a server with two wheels: one in Python, one with a native part for each processor.

const image = 'arc-test.invalid/python:latest';
/** Compiles, where this machine has it. */
const python = 'python3.11';
let bench: TestBench;
let root: string;

beforeAll(async () => {
  bench = await openBench({ cache: 'empty' });
  root = join(bench.folder, 'workspace');
  const program = fileURLToPath(new URL('../fixtures/python-program', import.meta.url));
  cpSync(program, join(root, 'services/speech/program'), { recursive: true });
  // For no base of another run to be on the Engine already.
  writeFileSync(source('run.txt'), randomUUID());
});
afterAll(() => bench?.close());

const source = (file: string) => join(root, 'services/speech/program', file);

const debian = {
  kind: 'debian',
  suite: 'bookworm',
  variant: 'extract',
  packages: ['python3', 'busybox'],
  links: {},
} as const satisfies RecipeStep;

const program = (changes: { leave_out?: readonly string[] } = {}) =>
  ({ kind: 'python', folder: 'program', target: '/opt/speech', python: '3.11', ...changes }) as const;

async function request(steps: readonly RecipeStep[]): Promise<ImageRequest> {
  const recipe = await fixRecipe({ recipe: steps, root, folder: 'services/speech' });
  return tinyRequest({ policy: 'local', name: 'python', recipe });
}

describe('a base with a Python program', () => {
  it('is built, and says what pip is doing', async () => {
    const { missing } = await ensureImages({
      ...bench.context,
      requests: [
        await request([debian, program({ leave_out: ['.venv/**/waitress-3.0.2.dist-info/LICENSE.txt'] })]),
      ],
    });
    expect(missing).toEqual([]);
    expect(stepLines(bench.events).join('\n')).toMatch(/step 2 of 2, (?:pip|compiling)/);
  });

  it('starts by the command that one of its wheels brings, and answers with what the other packs', async () => {
    const serve = ['--listen=127.0.0.1:8080', 'program:application'];
    const server = await startIn({
      docker: bench.docker,
      image,
      command: ['/opt/speech/.venv/bin/waitress-serve', ...serve],
      workingDir: '/opt/speech',
      until: /Serving on/,
    });
    try {
      const answer = await server.run(['/opt/speech/.venv/bin/python', '/opt/speech/ask.py']);
      expect(answer).toMatch(
        /^\{'path': '\/hello'\} \/opt\/speech\/\.venv\/lib\/python3\.11\/site-packages\/msgpack\/_cmsgpack\./,
      );
    } finally {
      await server.remove();
    }
  });

  it('is compiled where this machine has the same Python', async () => {
    const has = spawnSync(python, ['--version']).status === 0;
    const script = `
      import marshal, program
      print(program.__cached__)
      try:
        with open(program.__cached__, 'rb') as compiled:
          compiled.seek(16)
          print(marshal.load(compiled).co_filename)
      except FileNotFoundError:
        print('no file')
    `.replaceAll('\n      ', '\n');
    const output = await runIn(bench.docker, image, ['/opt/speech/.venv/bin/python', '-c', script], {
      workingDir: '/opt/speech',
    });
    expect(output.trim().split(/\r?\n/)).toEqual([
      '/opt/speech/__pycache__/program.cpython-311.pyc',
      has ? '/opt/speech/program.py' : 'no file',
    ]);
  });

  it('has nothing of tests and of this machine, and belongs to root', async () => {
    const script = `
      import importlib.metadata, os
      print(sorted(f for f in os.listdir('/opt/speech') if f != '__pycache__'), sorted(os.listdir('/opt/speech/.venv/bin')))
      print(os.stat('/opt/speech/program.py').st_uid, oct(os.stat('/opt/speech/program.py').st_mode))
      print([str(f) for f in importlib.metadata.files('waitress') if 'serve' in f.name])
    `.replaceAll('\n      ', '\n');
    const output = await runIn(bench.docker, image, ['/opt/speech/.venv/bin/python', '-c', script]);
    expect(output.trim().split(/\r?\n/)).toEqual([
      "['.venv', 'ask.py', 'program.py', 'requirements.txt', 'run.txt'] ['python', 'python3', 'python3.11', 'waitress-serve']",
      '0 0o100644',
      "['waitress/server.py']",
    ]);
    expect(
      await runIn(bench.docker, image, ['busybox', 'head', '-1', '/opt/speech/.venv/bin/waitress-serve']),
    ).toBe('#!/opt/speech/.venv/bin/python\r\n');
  });
});

describe('a program that cannot be made', () => {
  const detailOf = async (changes: { leave_out?: readonly string[] } = {}) => {
    const requests = [await request([program(changes)])];
    const { missing } = await ensureImages({ ...bench.context, requests });
    return missing[0]?.problem.detail?.join('\n');
  };

  it('because a wheel is another one, says which hashes are meant', async () => {
    const before = readFileSync(source('requirements.txt'), 'utf8');
    const other = before.replaceAll(/(waitress.*\n.*sha256:)\w+/g, `$1${'0'.repeat(64)}`);
    writeFileSync(source('requirements.txt'), other);
    const text = await detailOf();
    writeFileSync(source('requirements.txt'), before);
    expect(text).toContain('local recipe: pip install failed with exit status 1.');
    expect(text).toContain(`Expected sha256 ${'0'.repeat(64)}`);
  });

  it('because a requirement has no hash, says which', async () => {
    const before = readFileSync(source('requirements.txt'), 'utf8');
    writeFileSync(source('requirements.txt'), `${before}idna==3.10\n`);
    const text = await detailOf();
    writeFileSync(source('requirements.txt'), before);
    expect(text).toMatch(/Hashes are required in --require-hashes mode[\s\S]*idna==3\.10/);
  });

  it('because nothing matches what it leaves out, says so', async () => {
    expect(await detailOf({ leave_out: ['.venv/**/waitress/none'] })).toContain(
      'No file matches .venv/**/waitress/none, which `leave_out` names.',
    );
  });
});
