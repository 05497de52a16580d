import { expect, test } from 'vitest';
import { judge } from './route.ts';

const open = { limited: false };

test('the status of a service’s own readiness is the only good one of its page', () => {
  const page = { ...open, status: 200 };
  expect(judge({ status: 200, page })).toEqual({ ok: true, came: '200 OK' });
  expect(judge({ status: 404, page })).toEqual({ ok: false, came: '404 Not Found, expected 200' });
});

test('any answer of a service is good where no status is known, but that there is no such page', () => {
  for (const status of [200, 302, 401, 403, 405])
    expect(judge({ status, page: open }).ok, `${status}`).toBe(true);
  expect(judge({ status: 404, page: open })).toMatchObject({
    ok: false,
    came: expect.stringContaining('no such route'),
  });
  expect(judge({ status: 500, page: open }).ok).toBe(false);
});

test('a gateway that does not get to the service is told from a service that answers badly', () => {
  for (const status of [502, 503, 504])
    expect(judge({ status, page: open })).toMatchObject({
      ok: false,
      came: expect.stringContaining('does not get to the service'),
    });
});

test('a refusal by the route itself proves the way to the gateway, and says why nothing more is proved', () => {
  expect(judge({ status: 403, page: { limited: true, status: 200 } })).toMatchObject({
    ok: true,
    came: expect.stringContaining('not open to this machine'),
  });
  expect(judge({ status: 403, page: { limited: false, status: 200 } }).ok).toBe(false);
  expect(judge({ status: 429, page: { ...open, status: 200 } })).toMatchObject({
    ok: true,
    came: expect.stringContaining('asked too often'),
  });
});
