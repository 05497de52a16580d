import { AuthorizationError } from '@nats-io/transport-node';
import { expect, test } from 'vitest';
import { refusalOf } from './dial.ts';

test('a key that the server does not know is told as refused, with the role', () => {
  const cause = new AuthorizationError("'Authorization Violation'");
  const told = refusalOf({ role: 'webhooks', cause });
  expect(told?.message).toBe('NATS refuses the key of webhooks');
  expect(told?.cause).toBe(cause);
});

test('a login that took too long, and a server that is away, say nothing about the key', () => {
  for (const cause of [new AuthorizationError("'Authentication Timeout'"), new Error('ECONNREFUSED')])
    expect(refusalOf({ role: 'webhooks', cause })).toBeUndefined();
});
