import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { routeProbe } from '../core/probes/route.ts';
import { issueAuthority, issueCertificate } from '../workspace/authority/issue.ts';

const domain = 'arc.local';
const day = 86_400_000;
const inDays = (days: number) => new Date(Date.now() + days * day);
const dayOf = (date: Date) => date.toISOString().slice(0, 10);

let close: (() => void) | undefined;
afterEach(() => close?.());

/** What a route is told behind a door whose certificate, of 90 days, was made at a moment. */
async function asked(options: {
  made: Date;
  fields?: Readonly<Record<string, string | boolean>>;
  /** Asks another authority than the one that vouches. */
  other?: boolean;
}) {
  const { made, fields = {}, other = false } = options;
  const authority = await issueAuthority({ project: 'demo', domain, now: inDays(-100) });
  const { certificate, key } = await issueCertificate({ authority, domain, now: made });
  const trusted = other ? await issueAuthority({ project: 'other', domain, now: made }) : authority;
  const server = createServer({ cert: certificate, key: key.reveal() }, ({ headers, url }, response) => {
    response.writeHead(headers.host === `page.${domain}` && url === '/ready' ? 200 : 404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  close = () => void server.closeAllConnections();
  const { port } = server.address() as AddressInfo;
  const answer = await routeProbe.ask({
    fields: {
      ...{ host: 'page', domain, path: '/ready', protocol: 'http', status: 200, tls: true, limited: false },
      ...{ renewal: '`arc up` renews it', ...fields },
    },
    address: { host: '127.0.0.1', port },
    believed: [trusted.certificate],
    timeoutMilliseconds: 5_000,
    signal: new AbortController().signal,
  });
  server.close();
  return { ...answer, port };
}

describe('a name of the front door', () => {
  test('is asked by its address, and says until when its certificate holds', async () => {
    const { port, ...answer } = await asked({ made: inDays(0) });
    expect(answer).toMatchObject({
      ok: true,
      question: `GET https://page.arc.local/ready at 127.0.0.1:${port}`,
      reply: `200 OK, certificate until ${dayOf(inDays(90))}`,
    });
    expect(answer.warns).toBeUndefined();
  });

  test('is good, with a warning, while its certificate has less than 14 days left', async () => {
    expect(await asked({ made: inDays(-77) })).toMatchObject({
      ok: true,
      warns: true,
      reply: `200 OK, but its certificate ends in 12 days, on ${dayOf(inDays(13))}; \`arc up\` renews it`,
    });
  });

  test('is not good when its certificate has ended, and says what renews it', async () => {
    expect(await asked({ made: inDays(-91) })).toMatchObject({
      ok: false,
      reply: `its certificate ended on ${dayOf(inDays(-1))}; \`arc up\` renews it`,
    });
  });

  test('is not good when somebody vouches for it whom this machine does not believe', async () => {
    expect(await asked({ made: inDays(0), other: true })).toMatchObject({
      ok: false,
      reply: expect.stringContaining('its certificate is of arc authority of demo for arc.local'),
    });
  });

  test('is not good when its certificate is for other names', async () => {
    expect(await asked({ made: inDays(0), fields: { host: 'a.page' } })).toMatchObject({
      ok: false,
      reply: expect.stringContaining('ERR_TLS_CERT_ALTNAME_INVALID'),
    });
  });

  test('is a connection that stays open where its route is of no known protocol', async () => {
    expect(await asked({ made: inDays(0), fields: { protocol: 'tls' } })).toMatchObject({
      ok: true,
      question: expect.stringContaining('TLS to page.arc.local at'),
      reply: expect.stringContaining('connected, certificate until'),
    });
  });
});
