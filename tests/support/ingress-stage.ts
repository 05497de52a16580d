import { join } from 'node:path';
import {
  type IngressInfo,
  IngressInput,
  type IngressState_Status,
  IngressState_Status as Status,
} from '@livekit/protocol';
import { execa } from 'execa';
import { AccessToken, IngressClient } from 'livekit-server-sdk';
import { onTestFinished } from 'vitest';
import { type Encoder, startEncoder } from './encoder.ts';
import { devLivekit } from './rooms.ts';
import { repository } from './run-arc.ts';
import { openStage, type Stage } from './stage.ts';
import { until } from './until.ts';

// The embedded ingress worker with the real server and Redis, encoders that people use, and a participant who looks at
// what arrives. The API is LiveKit's own, through its SDK.

const { apiKey, apiSecret } = devLivekit;
const livekit = { http: 'http://127.0.0.1:7880', websocket: 'ws://127.0.0.1:7880' };
export const ports = { rtmp: 1935, health: 7888 };
const main = join(repository, 'packages/livekit-workers/ingress/main.ts');
const configuration = ({ rtmp, health }: typeof ports): string =>
  JSON.stringify({
    api_key: apiKey,
    api_secret: apiSecret,
    ws_url: livekit.websocket,
    redis: { address: '127.0.0.1:6379', password: 'arc-dev-redis-password' },
    rtmp_port: rtmp,
    health_port: health,
  });

/** Somebody in a room who watches and listens. */
export type Viewer = {
  /** Resolves when the line was said; see room-viewer.ts. */
  sees: (line: string) => Promise<void>;
  lines: () => string[];
};

/** See encoder.ts. */
type PushOptions = {
  has?: 'audio' | 'video';
  app?: string;
  seconds?: number;
  likeObs?: boolean;
  sampleAspect?: string;
  /** Where it sends to, if not to the worker itself. */
  port?: number;
};

export type IngressStage = {
  stage: Stage;
  api: IngressClient;
  worker: () => ReturnType<typeof startWorker>;
  /** Another worker beside it, for one test; resolves when it works. `logged` is all that it has said. */
  startAnother: (options: Required<WorkerOptions>) => Promise<{ logged: () => string }>;
  health: (path: string) => Promise<number>;
  /** A new ingress for one test. */
  create: (room: string, identity?: string) => Promise<IngressInfo>;
  /** A new ingress that pulls a film, for one test. */
  pull: (room: string, url: string) => Promise<IngressInfo>;
  /** Its stream's state now. */
  state: (info: IngressInfo) => Promise<IngressInfo['state']>;
  /** Whether the server has logged this of the ingress: it does so where it sends a webhook. */
  serverSays: (words: string, info: IngressInfo) => Promise<boolean>;
  untilStatus: (info: IngressInfo, status: IngressState_Status) => Promise<unknown>;
  /** Where encoders send to. */
  address: (key: string | undefined, where?: { app?: string; port?: number }) => string;
  push: (key: string | undefined, options?: PushOptions) => Encoder;
  watch: (room: string) => Promise<Viewer>;
  close: () => Promise<void>;
};

type WorkerOptions = { environment: Readonly<Record<string, string>>; at?: typeof ports };

function startWorker({ environment, at = ports }: WorkerOptions) {
  return execa(process.execPath, [main], {
    env: { ...environment, INGRESS_CONFIG_BODY: configuration(at) },
    reject: false,
    all: true,
    // As a container's grace (`stop.grace` of a manifest, by default).
    forceKillAfterDelay: 10_000,
  });
}

const healthOf = async (port: number, path: string): Promise<number> =>
  (await fetch(`http://127.0.0.1:${port}${path}`)).status;

/** @param options.environment of the worker, beside its configuration */
export async function openIngressStage(
  options: { environment?: Readonly<Record<string, string>> } = {},
): Promise<IngressStage> {
  await execa('ffmpeg', ['-version']).catch(() => {
    throw new Error('These tests need ffmpeg (Debian: apt-get install ffmpeg).');
  });
  const stage = await openStage({ settings: { media: 'mux' } });
  const without = ['--without', 'realtime-ingress', '--without', 'realtime-egress'];
  await stage.succeed(['up', 'cache', 'realtime', ...without, '--yes']);
  const worker = startWorker({ environment: { ...stage.environment, ...options.environment } });
  const health = (path: string): Promise<number> => healthOf(ports.health, path);
  await until({ what: 'the worker', ask: async () => (await health('/')) === 200 });

  const api = new IngressClient(livekit.http, apiKey, apiSecret);
  const state: IngressStage['state'] = async ({ ingressId }) =>
    (await api.listIngress({ ingressId }))[0]?.state;
  const address: IngressStage['address'] = (key, { app = 'live', port = ports.rtmp } = {}) =>
    `rtmp://127.0.0.1:${port}/${app}/${key}`;
  const untilTestIsOver = async (created: Promise<IngressInfo>): Promise<IngressInfo> => {
    const info = await created;
    onTestFinished(async () => {
      await api.deleteIngress(info.ingressId).catch(() => {});
    });
    return info;
  };
  return {
    stage,
    api,
    worker: () => worker,
    startAnother: async ({ environment, at }) => {
      const another = startWorker({ environment: { ...stage.environment, ...environment }, at });
      let logged = '';
      another.all.on('data', (text) => {
        logged += text;
      });
      onTestFinished(async () => {
        another.kill();
        await another;
      });
      await until({ what: 'another worker', ask: async () => (await healthOf(at.health, '/')) === 200 });
      return { logged: () => logged };
    },
    health,
    create: (room, identity = 'camera') =>
      untilTestIsOver(
        api.createIngress(IngressInput.RTMP_INPUT, {
          name: identity,
          roomName: room,
          participantIdentity: identity,
          participantName: identity,
        }),
      ),
    pull: (room, url) =>
      untilTestIsOver(
        api.createIngress(IngressInput.URL_INPUT, {
          url,
          name: 'film',
          roomName: room,
          participantIdentity: 'film',
          participantName: 'Film',
        }),
      ),
    state,
    serverSays: async (words, { ingressId }) => {
      const server = stage.engine.docker.getContainer('arc-realtime');
      const log = String(await server.logs({ stdout: true, stderr: true, tail: 500 }));
      return log.split('\n').some((line) => line.includes(words) && line.includes(ingressId));
    },
    untilStatus: (info, status) =>
      until({
        what: `status ${Status[status]}`,
        ask: async () => {
          const now = await state(info);
          if (now?.status === status) return true;
          throw new Error(`${Status[now?.status ?? 0]} ${now?.error ?? ''}`);
        },
      }),
    address,
    push: (key, { app, port, ...how } = {}) => {
      const encoder = startEncoder({
        url: address(key, { ...(app && { app }), ...(port && { port }) }),
        environment: stage.environment,
        ...how,
      });
      onTestFinished(encoder.kill);
      return encoder;
    },
    watch: async (room) => {
      const token = new AccessToken(apiKey, apiSecret, { identity: `viewer-${room}`, ttl: 600 });
      token.addGrant({ room, roomJoin: true, roomCreate: true });
      const lines: string[] = [];
      const viewer = execa(
        process.execPath,
        [join(import.meta.dirname, 'room-viewer.ts'), livekit.websocket],
        { env: stage.environment, input: await token.toJwt(), reject: false, timeout: 150_000 },
      );
      viewer.stdout.on('data', (text) => lines.push(...String(text).trim().split('\n')));
      onTestFinished(async () => {
        viewer.kill();
        await viewer;
      });
      const sees = async (line: string): Promise<void> => {
        await until({
          what: `"${line}" among ${JSON.stringify(lines)}`,
          ask: () => lines.includes(line),
          limitMilliseconds: 30_000,
        });
      };
      await sees('joined');
      return { sees, lines: () => lines };
    },
    close: async () => {
      worker.kill();
      await worker;
      await stage.close();
    },
  };
}
