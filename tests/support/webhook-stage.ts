import { createHash, randomUUID } from 'node:crypto';
import { jetstream, jetstreamManager, type StoredMsg } from '@nats-io/jetstream';
import { connect, type NatsConnection, nkeyAuthenticator } from '@nats-io/transport-node';
import { AccessToken } from 'livekit-server-sdk';
import { devLivekit } from './rooms.ts';
import { openStage, type Stage } from './stage.ts';
import { holdDisk, makeDisk, type TestDisk } from './test-disk.ts';

/** Arc's own key in NATS, as the manifest of messaging has it for development. */
const arcSeed = 'SUALKOWRQFS36MYPZ6ZI6T67G2MOKA3RY2PWAHKISQGM3PDUT4CIAIAQWE';

/** A webhook that was sent. */
export type Sent = { id: string; room: string; number: number };

/** A message that a stream keeps. */
export type Kept = {
  id: string;
  /** By which the stream recognises a repetition. */
  key: string;
  subject: string;
  trace: string;
  data: Readonly<Record<string, unknown>>;
};

/** A stack with a receiver of webhooks, and a sender who signs as LiveKit does. */
export type WebhookStage = {
  stage: Stage;
  /** Sends one event of a room. @returns the status, and what was said */
  post: (sent: Sent) => Promise<{ status: number; said: string }>;
  /** Sends an event until it is taken, as LiveKit does. */
  deliver: (sent: Sent) => Promise<void>;
  /** Publishes on a subject that a stream keeps, with arc's own key. */
  publish: (subject: string, data: object) => Promise<void>;
  /** What a stream of NATS has, in its order. */
  stream: (name: string) => Promise<readonly Kept[]>;
  /** The next heartbeat of a program, as its message has it. */
  heartbeat: (service: string) => Promise<Readonly<Record<string, unknown>>>;
  close: () => Promise<void>;
};

/** Events of rooms, in turn: the first of each room, the second of each, and so on. */
export function eventsOf(options: { rooms: number; each: number }): readonly Sent[] {
  const run = randomUUID().slice(0, 8);
  return Array.from({ length: options.rooms * options.each }, (_, index) => ({
    id: `EV_${run}_${index}`,
    room: `${run}-${index % options.rooms}`,
    number: Math.floor(index / options.rooms),
  }));
}

/** @param options.disk a small disk for one of the volumes */
export async function openWebhookStage(options: {
  disk?: TestDisk;
  services: readonly string[];
}): Promise<WebhookStage> {
  const { disk, services } = options;
  const stage = await openStage({ settings: { media: 'mux' } });
  if (disk !== undefined) await makeDisk({ engine: stage.engine, disk });
  await stage.succeed([
    // Pulsar needs longer on a busy machine than the deadline of a boot.
    ...['up', ...services, '--bases', 'local', '--yes', '--timeout', '5m'],
    ...['--without', 'realtime-ingress', '--without', 'realtime-egress'],
  ]);
  const release = disk === undefined ? async () => {} : await holdDisk({ engine: stage.engine, disk });
  const post: WebhookStage['post'] = async ({ id, room, number }) => {
    const body = JSON.stringify({
      event: 'participant_joined',
      id,
      createdAt: String(Math.floor(Date.now() / 1_000)),
      room: { sid: `RM_${room}`, name: room },
      participant: { sid: `PA_${number}`, identity: `user-${number}` },
    });
    const token = new AccessToken(devLivekit.apiKey, devLivekit.apiSecret, { ttl: 300 });
    token.sha256 = createHash('sha256').update(body).digest('base64');
    const answer = await fetch('http://127.0.0.1:7900/livekit', {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/webhook+json', authorization: await token.toJwt() },
      signal: AbortSignal.timeout(10_000),
    });
    return { status: answer.status, said: await answer.text() };
  };
  return {
    stage,
    post,
    deliver: async (sent) => {
      for (;;) {
        const answer = await post(sent).catch(() => undefined);
        if (answer?.status === 200) return;
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    },
    publish: async (subject, data) => {
      const connection = await connectAsArc();
      await jetstream(connection).publish(subject, JSON.stringify(data));
      await connection.close();
    },
    stream: readStream,
    heartbeat: hearHeartbeat,
    close: async () => {
      await release();
      await stage.close();
    },
  };
}

async function connectAsArc(): Promise<NatsConnection> {
  return await connect({
    servers: '127.0.0.1:4222',
    authenticator: nkeyAuthenticator(new TextEncoder().encode(arcSeed)),
    timeout: 5_000,
  });
}

async function hearHeartbeat(service: string): Promise<Readonly<Record<string, unknown>>> {
  const connection = await connectAsArc();
  try {
    for await (const message of connection.subscribe('system.health.heartbeat')) {
      const heard = message.json<Readonly<Record<string, unknown>>>();
      if (heard.service === service) return heard;
    }
    throw new Error(`the connection was closed before a heartbeat of ${service}`);
  } finally {
    await connection.close();
  }
}

async function readStream(name: string): Promise<readonly Kept[]> {
  const connection = await connectAsArc();
  try {
    const { streams } = await jetstreamManager(connection);
    const { state } = await streams.info(name);
    const found: Kept[] = [];
    for (let seq = state.first_seq; seq <= state.last_seq && state.messages > 0; seq += 1) {
      const stored = await streams.getMessage(name, { seq }).catch(() => null);
      if (stored !== null) found.push(keptOf(stored));
    }
    return found;
  } finally {
    await connection.close();
  }
}

function keptOf(stored: StoredMsg): Kept {
  return {
    id: stored.header?.get('ce-id') ?? '',
    key: stored.header?.get('Nats-Msg-Id') ?? '',
    subject: stored.subject,
    trace: stored.header?.get('traceparent').slice(3, 35) ?? '',
    data: stored.json(),
  };
}

/** What is wrong with the order of the sessions that a stream has: nothing of it is missing, repeated or overtaken. */
export function faultsOf(options: {
  sent: readonly Sent[];
  kept: readonly { id: string }[];
  /** What each webhook becomes there. */
  message?: string;
}): readonly string[] {
  const { sent, kept, message = 'voice-session-started' } = options;
  const ids = new Map(sent.map((one) => [`${one.id}.${message}`, one]));
  const last = new Map<string, number>();
  const seen = new Set<string>();
  const faults: string[] = [];
  for (const { id } of kept) {
    const one = ids.get(id);
    if (one === undefined) continue;
    if (seen.has(id)) faults.push(`${id} is there twice`);
    if (one.number < (last.get(one.room) ?? -1)) faults.push(`${id} was overtaken`);
    seen.add(id);
    last.set(one.room, one.number);
  }
  return [...faults, ...[...ids.keys()].filter((id) => !seen.has(id)).map((id) => `${id} is missing`)];
}
