import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { connect } from '../../contracts/typescript/connect.ts';
import { healthHeartbeat } from '../../contracts/typescript/events/system.ts';
import { sqlKeys } from '../../contracts/typescript/sql-keys.ts';
import { openSpans } from '../../spans/spans.ts';
import { observeQueries } from '../../spans/sql.ts';
import { readConfig } from './config.ts';
import { conversations } from './converse.ts';
import { docsSearch } from './docs/search.ts';
import { embedder } from './embed.ts';
import { type Log, noEvents, openEvents } from './events/events.ts';
import { livekitFacts } from './facts/livekit-facts.ts';
import { targetsOf } from './facts/prometheus.ts';
import { serviceFacts } from './facts/services.ts';
import { answerer } from './graph.ts';
import { thinker } from './llm/think.ts';
import { createMeasures } from './measures.ts';
import { openKeeper } from './memory/keeper.ts';
import { sqlMemory } from './memory/memory.ts';
import { createBrainServer } from './serve.ts';
import { authorityOf } from './services/authority.ts';
import { everyWhile } from './services/every.ts';
import { heartbeats } from './services/heartbeats.ts';
import { beat, errorTeller, lifecycleOf } from './services/own-health.ts';
import { servicesOf } from './services/services.ts';
import { voiceOf } from './services/spoken.ts';
import { skills } from './skills/all.ts';
import { understander } from './understand.ts';

/** When the pages of the documentation are turned into vectors, which takes a minute the first time. */
const readingAfterMs = 30_000;

const log: Log = (fields) =>
  void process.stderr.write(`${JSON.stringify({ time: new Date().toISOString(), ...fields })}\n`);

const config = readConfig({ environment: process.env, read: (path) => readFileSync(path, 'utf8') });
const stop = new AbortController();
const spans = openSpans({ service: 'arc-brain' });
const onClient = (client: Parameters<typeof observeQueries>[0]['client']) =>
  observeQueries({ client, spans });
const embed = embedder({ url: config.speech.url });
let refusal: Error | undefined;
const bus =
  config.nats === undefined
    ? undefined
    : connect({
        role: 'brain',
        ...config.nats,
        ...(config.keys === undefined ? {} : { keys: sqlKeys({ ...config.keys, onClient }) }),
        report: ({ message }) => log({ level: 'warning', message }),
        // Answers need no NATS.
        refused: (problem) => {
          if (problem !== undefined && refusal === undefined)
            log({ level: 'error', message: problem.message });
          refusal = problem;
        },
      });
const events =
  bus === undefined
    ? noEvents
    : await openEvents({
        ...{ bus, spans, pause, log },
        refusal: () => refusal,
        folder: join(config.folder, 'events'),
        policy: `${config.keepDays}_days`,
      });
const memory = config.sql === undefined ? undefined : sqlMemory({ ...config.sql, onClient });
const keeper = await openKeeper({
  ...{ memory, events, pause, log },
  folder: join(config.folder, 'rows'),
  embed: async (text, signal) => {
    const [vector] = await embed([text], signal);
    if (vector === undefined) throw new Error('the embedder gave nothing');
    return [...vector];
  },
});
const heard = heartbeats(() => Date.now());
void bus?.then((made) =>
  made.subscribe({ contract: healthHeartbeat, handle: ({ data }) => heard.heard(data) }),
);
const docs = docsSearch({ pages: config.docs, folder: join(config.folder, 'docs'), embed, pause, log });
const { metrics } = config;
const facts = {
  ...livekitFacts(config.livekit),
  services: serviceFacts({
    heard: bus === undefined ? undefined : heard.services,
    targets: metrics === undefined ? undefined : () => targetsOf(metrics),
  }),
  recall: keeper.recall,
  search: docs.search,
  now: () => new Date(),
};
const measures = createMeasures();
const { understand } = understander({ skills, embed });
const think = config.model === undefined ? undefined : thinker({ model: config.model, skills, facts });
const answer = answerer({ skills, understand, facts, think, spans });
const talk = conversations({ answer, measures, spans, events, keeper, log });
const authority = authorityOf(config.livekit);
const services = servicesOf({
  ...{ events, keeper, memory, measures, spans, model: config.model, authority, log },
  voice: voiceOf(config.speech),
});
const server = createBrainServer({ talk, services });
server.listen(config.port, '0.0.0.0');
await events.keep(lifecycleOf('started'));
const tellError = errorTeller(events);
const regular = [
  everyWhile({
    milliseconds: 30_000,
    pause,
    signal: stop.signal,
    work: async () => {
      const health = services.health();
      await tellError(health);
      await beat({ bus, health: () => health });
    },
  }),
  everyWhile({ milliseconds: 60_000, pause, signal: stop.signal, work: services.sumUp }),
  // After the start of the stack, which it would slow down.
  pause(readingAfterMs, undefined, { signal: stop.signal }).then(
    async () => await everyWhile({ milliseconds: 10_000, pause, signal: stop.signal, work: docs.prepare }),
    () => undefined,
  ),
  everyWhile({
    milliseconds: 3_600_000,
    pause,
    signal: stop.signal,
    work: () => services.sweep(config.keepDays),
  }),
];
for (const signal of ['SIGTERM', 'SIGINT'] as const)
  process.once(signal, async () => {
    stop.abort();
    server.close();
    server.closeIdleConnections();
    await events.keep(lifecycleOf('stopped'));
    await Promise.all([...regular, keeper.close(), events.close()]);
    await memory?.close().catch(() => undefined);
    await spans.close();
    // A connection that was never made would keep the program alive.
    process.exit(0);
  });
