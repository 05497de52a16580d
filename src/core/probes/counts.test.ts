import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { countsProbe, sumOf } from './counts.ts';

const page = `# HELP lost_lines Lines that were lost.
# TYPE lost_lines counter
lost_lines{exporter="otlp_http/logs",reason="a } b"} 3
lost_lines{exporter="nop"} 1e+1
lost_lines_bytes 900
lost_spans 0
`;

async function said(answer: { status: number; text: string }) {
  const server = createServer((_, response) => {
    response.writeHead(answer.status).end(answer.text);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  try {
    const { ok, reply } = await countsProbe.ask({
      fields: { counts: { 'lines lost': ['lost_lines', 'never_seen'], 'spans lost': ['lost_spans'] } },
      address: { host: '127.0.0.1', port },
      timeoutMilliseconds: 5_000,
      signal: new AbortController().signal,
    });
    return { ok, reply };
  } finally {
    server.close();
  }
}

it('says the sums of counters, over all their series and those of no other name', async () => {
  expect(await said({ status: 200, text: page })).toEqual({
    ok: true,
    reply: '13 lines lost, 0 spans lost since it started',
  });
});

it('fails where there is no page', async () => {
  expect(await said({ status: 503, text: page })).toEqual({ ok: false, reply: '503, expected 200' });
});

it('takes no sample for zero that it cannot read', () => {
  expect(() => sumOf({ text: 'lost NaN\n', names: ['lost'] })).toThrow('not a sample: lost NaN');
  expect(sumOf({ text: '', names: ['lost'] })).toBe(0);
});
