import { type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';

/** Where the tests' gateway listens. */
const door = { host: '127.0.0.1', port: 80 };

type Headers = Readonly<Record<string, string>>;

/** What came back through the gateway. */
export type Answer = { status: number | undefined; headers: IncomingMessage['headers']; body: string };

/**
 * Asks the gateway for a host name, whatever this machine makes of that name.
 *
 * @param options.send writes the body
 */
export async function askFrontDoor(options: {
  host: string;
  path: string;
  method?: string;
  headers?: Headers;
  send?: (write: (chunk: Buffer) => void) => Promise<void>;
}): Promise<Answer> {
  const { host, path, method = 'GET', headers, send } = options;
  // One connection each: no request meets one that the gateway has just closed.
  const asked = request({ ...door, path, method, agent: false, headers: { ...headers, Host: host } });
  const answered = new Promise<IncomingMessage>((resolve, reject) => {
    asked.on('response', resolve).on('error', reject);
  });
  // Where the request fails while its body is sent, that is the error.
  const sent = send?.((chunk) => asked.write(chunk)) ?? Promise.resolve();
  await Promise.race([sent, answered]);
  asked.end();
  const response = await answered;
  return { status: response.statusCode, headers: response.headers, body: await text(response) };
}

/** Opens a WebSocket through the gateway and closes it again; resolves with the status of the answer. */
export function openSocket(options: {
  host: string;
  path: string;
  headers?: Headers;
  /** Past the gateway. */
  port?: number;
}): Promise<number | undefined> {
  const { host, path, headers, port = door.port } = options;
  const asked = request({
    ...{ host: door.host, port, path, agent: false },
    headers: {
      ...{ ...headers, Host: host, Connection: 'Upgrade', Upgrade: 'websocket' },
      ...{ 'Sec-WebSocket-Version': '13', 'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==' },
    },
  });
  return new Promise((resolve, reject) => {
    asked
      .on('upgrade', (response, socket) => {
        socket.destroy();
        resolve(response.statusCode);
      })
      .on('response', (response) => {
        response.resume();
        resolve(response.statusCode);
      })
      .on('error', reject)
      .end();
  });
}
