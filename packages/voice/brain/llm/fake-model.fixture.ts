import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a fake model says to one request: text in pieces, a call of a tool, a status, or nothing at all. */
export type Script =
  | { say: readonly string[]; thenBreak?: boolean }
  | { call: string; arguments?: string }
  | { status: number }
  | 'silence';

export type Asked = {
  authorization: string | undefined;
  body: { messages: { role: string; content: string | null }[]; tools?: { function: { name: string } }[] };
};

/** A server of OpenAI's API that says what a test wants, in order. */
export async function fakeModel(script: readonly Script[]): Promise<{
  url: string;
  asked: Asked[];
  close: () => Promise<void>;
}> {
  const asked: Asked[] = [];
  const rest = [...script];
  const server: Server = createServer(async (request, response) => {
    const chunks: Uint8Array[] = [];
    for await (const chunk of request) chunks.push(chunk as Uint8Array);
    const body = JSON.parse(Buffer.concat(chunks).toString('utf8')) as Asked['body'];
    asked.push({ authorization: request.headers.authorization, body });
    const next = rest.shift();
    if (next === undefined || next === 'silence') return;
    if ('status' in next) return void response.writeHead(next.status).end('{"error":{"message":"no"}}');
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    const send = (delta: object) =>
      response.write(`data: ${JSON.stringify({ choices: [{ index: 0, delta }] })}\n\n`);
    if ('say' in next) for (const content of next.say) send({ content });
    if ('say' in next && next.thenBreak === true) return void response.destroy();
    if ('call' in next) {
      // As OpenAI sends them: the name first, then the arguments in pieces.
      const { arguments: given = '{}' } = next;
      send({ tool_calls: [{ index: 0, id: 'call_1', function: { name: next.call, arguments: '' } }] });
      for (const piece of [given.slice(0, 2), given.slice(2)])
        send({ tool_calls: [{ index: 0, function: { arguments: piece } }] });
    }
    response.write(`data: ${JSON.stringify({ choices: [], usage: { total_tokens: 10 } })}\n\n`);
    response.end('data: [DONE]\n\n');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    asked,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
