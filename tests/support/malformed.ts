import { request } from 'node:http';

/** A request that no program should take, or none that it should mind. */
export type Malformed = { method: string; headers: Record<string, string>; body: Buffer };

/** What came: 0 where the connection was closed without an answer. */
export type MalformedAnswer = { status: number; body: string };

const pool = [
  'null',
  'true',
  '[]',
  '"text"',
  '12',
  '-1e999',
  '{"a":',
  '\u0000',
  '{}',
  '{"__proto__":{"input":"a"}}',
  '{"constructor":{"prototype":{}}}',
];
const types = [
  'application/json',
  'text/plain',
  'multipart/form-data',
  'multipart/form-data; boundary=x',
  'multipart/form-data; boundary=',
  'audio/pcm;rate=16000',
  'audio/pcm;rate=nothing',
  'audio/pcm;rate=-1',
  'application/octet-stream',
  '',
];
const methods = ['POST', 'POST', 'POST', 'POST', 'PUT', 'DELETE', 'PATCH', 'GET'];

/**
 * Requests that go wrong in every way that one can: cut, of another type, of another kind, too deep, too large, or of
 * bytes that are no text. The same ones each time.
 *
 * @param options.valid a body that is right, to be broken
 */
export function malformed(options: { valid: string; count: number }): readonly Malformed[] {
  const { valid, count } = options;
  let state = 42;
  // Park and Miller's generator: a failure can be had again.
  const random = (below: number): number => {
    state = (state * 48_271) % 2_147_483_647;
    return state % below;
  };
  const pick = <T>(list: readonly [T, ...T[]] | readonly T[]): T => list[random(list.length)] as T;
  const fields = Object.keys(JSON.parse(valid) as object);
  const bodies: readonly (() => Buffer)[] = [
    () => Buffer.from(valid.slice(0, random(valid.length))),
    () => Buffer.from(pick(pool)),
    () =>
      Buffer.from(
        JSON.stringify({ ...JSON.parse(valid), [pick(fields)]: pick([null, -1, {}, [], '', [[]]]) }),
      ),
    () => Buffer.from(JSON.stringify({ ...JSON.parse(valid), [pick(fields)]: 'x'.repeat(300_000) })),
    () => Buffer.from(`${'['.repeat(20_000)}`),
    () => Buffer.from(Array.from({ length: 1 + random(400) }, () => random(256))),
    () => Buffer.from('--x\r\nContent-Disposition: form-data; name="file"\r\n\r\nno sound\r\n--x--'),
    () => Buffer.from('--x\r\nContent-Disposition: form-data; name="file"; filename="a.wav"\r\n\r\nRIFF'),
    () => Buffer.alloc(0),
  ];
  return Array.from({ length: count }, () => ({
    method: pick(methods),
    headers: { 'content-type': pick(types), traceparent: pick(['', 'x'.repeat(2000), '00-zz-1-01']) },
    body: pick(bodies)(),
  }));
}

/** Sends one on a connection of its own. */
export async function send(options: { url: string; one: Malformed }): Promise<MalformedAnswer> {
  const { url, one } = options;
  const { promise, resolve } = Promise.withResolvers<MalformedAnswer>();
  const asked = request(
    url,
    // Node.js tells no length with a GET: its body would be another request, and what is said to a cut connection may
    // not arrive.
    {
      method: one.method,
      headers: { ...one.headers, 'content-length': one.body.length },
      agent: false,
      timeout: 60_000,
    },
    (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (text: string) => {
        if (body.length < 10_000) body += text;
      });
      const end = () => resolve({ status: response.statusCode ?? 0, body });
      response.on('end', end).on('error', end);
    },
  );
  asked.on('timeout', () => asked.destroy()).on('error', () => resolve({ status: 0, body: '' }));
  asked.end(one.body);
  return await promise;
}
