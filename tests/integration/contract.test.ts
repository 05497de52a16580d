import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { validEventsOf } from '../support/events-schema.ts';
import { repository, runArc } from '../support/run-arc.ts';

// A workspace of nothing but a contract, in a clone of its own.

const contract = `domain: shop
owner: cart
description: A shop.
messages:
  order-placed:
    description: Somebody orders.
    publishers: [cart]
    subscribers: [{ role: billing, queue: bills }]
    nats: { subject: shop.cart.order.placed }
    schema:
      type: object
      required: [id]
      properties: { id: { type: string }, count: { type: integer, minimum: 1 } }
    examples: [{ id: a, count: 2 }]
`;

let root: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'arc-contract-'));
  mkdirSync(join(root, 'contracts'));
  write('arc.yaml', 'project: shop\n');
  write('contracts/shop.yaml', contract);
  git('init', '--quiet', '--initial-branch', 'main');
  git('add', '--all');
  git('commit', '--quiet', '--message', 'first');
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

function write(path: string, text: string): void {
  writeFileSync(join(root, path), text);
}

function git(...args: readonly string[]): void {
  const who = ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.com'];
  execFileSync('git', ['-C', root, ...who, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
}

const arc = (...args: readonly string[]) => runArc(['contract', ...args], { cwd: root });

/** The answer of a command with `--json`, whose events fit their schema. */
async function answer(...args: readonly string[]): Promise<unknown> {
  const { stdout } = await arc(...args, '--json');
  return validEventsOf(stdout).find(({ type }) => type === 'result')?.data;
}

describe('arc contract list', () => {
  test('shows each message with its place, who publishes it and who receives it', async () => {
    const { exitCode, stdout } = await arc('list');
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^order-placed +shop\.cart\.order\.placed +cart +billing$/m);
  });

  test('shows what one role uses, and suggests a role that exists', async () => {
    expect(await answer('list', '--role', 'billing')).toMatchObject({
      messages: [{ name: 'order-placed', subject: 'shop.cart.order.placed', topic: null }],
    });
    const { exitCode, output } = await arc('list', '--role', 'biling');
    expect(exitCode).toBe(2);
    expect(output).toContain('did you mean `billing`?');
  });
});

describe('arc contract show', () => {
  test('describes a message by its name or its subject', async () => {
    const { stdout } = await arc('show', 'order-placed');
    expect(stdout).toContain('billing (external), queue group bills');
    expect(stdout).toMatch(/^ {2}\/count +whole number, optional$/m);
    expect((await arc('show', 'shop.cart.order.placed')).stdout).toBe(stdout);
  });

  test('prints documents for other programs', async () => {
    const asyncapi = await arc('show', 'shop', '--format', 'asyncapi');
    expect(JSON.parse(asyncapi.stdout)).toMatchObject({ asyncapi: '3.1.0', info: { title: 'shop' } });
    const avro = await arc('show', 'order-placed', '--format', 'avro');
    expect(JSON.parse(avro.stdout)).toMatchObject({ type: 'record', name: 'OrderPlaced' });
    expect(await answer('show', 'order-placed', '--format', 'json-schema')).toMatchObject({
      document: { title: 'OrderPlaced', required: ['id'] },
    });
  });

  test('suggests a message that exists', async () => {
    const { exitCode, output } = await arc('show', 'order-place');
    expect(exitCode).toBe(2);
    expect(output).toContain('error[unknown-message]');
    expect(output).toContain('did you mean `order-placed`?');
  });
});

describe('arc contract validate', () => {
  test('counts the valid messages', async () => {
    expect(await answer('validate')).toEqual({ valid: true, messages: 1, warnings: [] });
  });

  test('accepts a body that the contract allows', async () => {
    write('message.json', '{"id":"a"}');
    expect((await arc('validate', 'order-placed', 'message.json')).stdout).toBe(
      'This is a valid order-placed.',
    );
  });

  test('refuses a body with every field that is wrong', async () => {
    write('message.json', '{"count":0,"colour":"red"}');
    const { exitCode, output } = await arc('validate', 'order-placed', 'message.json');
    expect(exitCode).toBe(2);
    for (const text of ['The body lacks id.', '/count must be at least 1, not 0.', '/colour is no field'])
      expect(output).toContain(text);
  });

  test('shows an invalid contract with its place', async () => {
    write('contracts/shop.yaml', contract.replace('count: 2', 'count: none'));
    const { exitCode, output } = await arc('validate');
    write('contracts/shop.yaml', contract);
    expect(exitCode).toBe(2);
    expect(output).toContain('contracts/shop.yaml:14:32');
    expect(output).toContain('/count must be a whole number, not text.');
  });
});

describe('arc contract check --against', () => {
  test('finds nothing where nothing has changed', async () => {
    expect(await answer('check', '--against', 'main')).toMatchObject({ changes: [], breaking: 0 });
  });

  test('lets a new optional field pass', async () => {
    write('contracts/shop.yaml', contract.replace('count: {', 'note: { type: string }, count: {'));
    const { exitCode } = await arc('check', '--against', 'main');
    write('contracts/shop.yaml', contract);
    expect(exitCode).toBe(0);
  });

  test('fails with 2 where a change breaks a reader, and says which', async () => {
    write('contracts/shop.yaml', contract.replace('required: [id]', 'required: [id, count]'));
    const { exitCode, output } = await arc('check', '--against', 'main');
    const changes = await answer('check', '--against', 'main');
    write('contracts/shop.yaml', contract);
    expect(exitCode).toBe(2);
    expect(output).toContain('error[contract-breaks]');
    expect(changes).toMatchObject({
      breaking: 1,
      changes: [
        {
          message: 'order-placed',
          at: '/count',
          text: 'old messages, new readers: is not always there, and readers require it',
          breaks: true,
        },
      ],
    });
  });

  test('names a commit that the clone does not have', async () => {
    const { exitCode, output } = await arc('check', '--against', 'v9');
    expect(exitCode).toBe(2);
    expect(output).toContain('error[unknown-commit]');
  });
});

test('the contracts of this repository are valid, as a person would check them', async () => {
  const { exitCode, stdout } = await runArc(['contract', 'validate'], { cwd: repository });
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/^\d+ messages are valid\.$/);
});
