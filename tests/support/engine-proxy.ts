import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectDocker } from '../../src/platform/docker/connect.ts';

/** A socket in front of the Engine, on which a test decides what becomes of a call. */
export type EngineProxy = {
  /** What makes arc use it. */
  environment: { DOCKER_HOST: string };
  /**
   * Keeps the first call that matches from the Engine until it is released.
   * @param call matched against the request line: `POST /v1.41/containers/arc-cache/start HTTP/1.1`
   */
  hold: (call: RegExp) => HeldCall;
  /** What has been asked through it, in order, without the version of the API: `GET /containers/json?all=true`. */
  requests: readonly string[];
  /** The Engine goes away: every connection breaks, and no other is made. */
  cut: () => void;
  close: () => void;
};

export type HeldCall = {
  /** Resolves when the call has been made; an arc that ends before that fails the test, with what it said. */
  madeBy: (arc: PromiseLike<{ all: string }>) => Promise<void>;
  /** Passes it on, or lets it pass when it comes. */
  release: () => void;
};

/** @throws when the Engine of these tests is not behind a Unix socket */
export async function openEngineProxy(): Promise<EngineProxy> {
  const { endpoint, close } = await connectDocker({ environment: process.env, deadlineMilliseconds: 5_000 });
  close();
  if (!endpoint.address.startsWith('unix://')) throw new Error(`${endpoint.address} is no Unix socket`);
  const engineSocket = endpoint.address.slice('unix://'.length);
  const folder = mkdtempSync(join(tmpdir(), 'arc-proxy-'));
  const socketPath = join(folder, 'docker.sock');
  const open = new Set<net.Socket>();
  const requests: string[] = [];
  const gates: Array<{ call: RegExp; arrived: () => void; passed: Promise<void> }> = [];

  const server = net.createServer((client) => {
    const engine = net.connect(engineSocket);
    for (const [socket, other] of [
      [client, engine],
      [engine, client],
    ] as const) {
      open.add(socket);
      socket.on('error', () => other.destroy());
      socket.on('close', () => {
        open.delete(socket);
        other.destroy();
      });
    }
    engine.pipe(client);
    // A request's head comes in one piece: it is written at once, and is far smaller than a socket's buffer.
    let before = Promise.resolve();
    client.on('data', (bytes) => {
      before = before.then(async () => {
        const line = bytes.toString('latin1').split('\r\n', 1)[0] ?? '';
        const asked = /^([A-Z]+) (?:\/v[\d.]+)?(\/\S*) HTTP\/1\.1$/.exec(line);
        if (asked !== null) requests.push(`${asked[1]} ${asked[2]}`);
        const at = gates.findIndex(({ call }) => call.test(line));
        const [gate] = at < 0 ? [] : gates.splice(at, 1);
        gate?.arrived();
        await gate?.passed;
        engine.write(bytes);
      });
    });
    client.on('end', () => engine.end());
  });
  server.listen(socketPath);
  await once(server, 'listening');

  const cut = (): void => {
    server.close();
    for (const socket of open) socket.destroy();
    rmSync(socketPath, { force: true });
  };
  return {
    environment: { DOCKER_HOST: `unix://${socketPath}` },
    requests,
    hold: (call) => {
      const made = Promise.withResolvers<void>();
      const passed = Promise.withResolvers<void>();
      gates.push({ call, arrived: made.resolve, passed: passed.promise });
      const madeBy: HeldCall['madeBy'] = async (arc) => {
        const ended = Promise.resolve(arc).then(({ all }) => all);
        const said = await Promise.race([made.promise, ended]);
        if (said !== undefined) throw new Error(`arc ended without the call ${call}:\n${said}`);
      };
      return { madeBy, release: passed.resolve };
    },
    cut,
    close: () => {
      cut();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
