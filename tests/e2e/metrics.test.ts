import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { alertRules } from '../support/alert-rules.ts';
import { repository } from '../support/run-arc.ts';
import { openStage, type Stage } from '../support/stage.ts';
import { until } from '../support/until.ts';

// Prometheus with a real stack: who is read, by what names, what alerts say and to whom, and what goes on without it.

const bases = ['--bases', 'local'];
const services = ['metrics', 'cache', 'realtime', 'storage'];
const quick = ['--set', 'metrics_interval=5s'];
/** Prometheus reads every 5 s, and a service is down for a minute before its alert fires. */
const soon = (ask: () => Promise<boolean>, seconds: number): Promise<boolean> =>
  until({ what: 'the metrics', ask, limitMilliseconds: seconds * 1000 });

type Check = { service: string; name: string; outcome: string; reply: string; ageMilliseconds?: number };
type Container = { State: { StartedAt: string } };

describe('metrics', () => {
  let stage: Stage;
  let receiver: Server;
  const received: { path: string; labels: Readonly<Record<string, string>> }[] = [];

  beforeAll(async () => {
    stage = await openStage();
    receiver = createServer((request, response) => {
      let text = '';
      request.on('data', (chunk) => {
        text += String(chunk);
      });
      request.on('end', () => {
        for (const { labels } of JSON.parse(text) as { labels: Record<string, string> }[])
          received.push({ path: request.url ?? '', labels });
        response.writeHead(200).end();
      });
    });
    await new Promise<void>((resolve) => receiver.listen(0, '0.0.0.0', () => resolve()));
    await stage.succeed(['up', ...services, ...bases, ...quick, '--yes']);
  });
  afterAll(async () => {
    receiver?.close();
    await stage?.close();
  });

  const checks = async (...flags: string[]): Promise<ReadonlyMap<string, Check>> => {
    const { stdout } = await stage.arc(['health', '--json', ...flags]);
    const last = stdout.split('\n').at(-1) ?? expect.unreachable(stdout);
    const { data } = JSON.parse(last) as { data: { checks: readonly Check[] } };
    return new Map(data.checks.map((check) => [`${check.service} ${check.name}`, check]));
  };
  const outcome = async (name: string): Promise<string> => {
    const found = (await checks()).get(name);
    return `${found?.outcome}: ${found?.reply}`;
  };
  const startedAt = async (): Promise<string> => {
    const found = (await stage.engine.docker.getContainer('arc-metrics').inspect()) as Container;
    return found.State.StartedAt;
  };
  const value = async (query: string): Promise<number | undefined> => {
    const { stdout } = await stage.succeed(['metrics', query, '--json']);
    const { data } = JSON.parse(stdout.split('\n').at(-1) ?? '') as {
      data: { series: { points: { value: number }[] }[] };
    };
    return data.series[0]?.points.at(-1)?.value;
  };

  it('is not unwell right after a boot, while nobody can know yet', async () => {
    const first = await checks();
    for (const name of ['targets', 'names', 'moved'])
      expect(['ok', 'unknown'], first.get(`metrics ${name}`)?.reply).toContain(
        first.get(`metrics ${name}`)?.outcome,
      );
    expect((await stage.arc(['health', 'metrics'])).exitCode).toBe(0);
  });

  it('waits for the next reading with --deep', async () => {
    const before = Date.now();
    const moved = (await checks('--deep')).get('metrics moved');
    const { outcome: said, reply, ageMilliseconds = Infinity } = moved ?? expect.unreachable();
    expect(said, reply).not.toBe('failed');
    expect(Date.now() - ageMilliseconds).toBeGreaterThanOrEqual(before);
    expect((await checks('--shallow')).size).toBe(0);
    const { exitCode, output } = await stage.arc(['health', '--deep', '--shallow']);
    expect({ exitCode, output }).toMatchObject({ exitCode: 2 });
  });

  it('has an exporter beside each server that needs one', async () => {
    const { stdout } = await stage.succeed(['status', '--json']);
    expect(stdout).toContain('arc-cache-metrics');
  });

  it('reads every container of the stack, and finds the declared names and types there', async () => {
    await soon(async () => (await outcome('metrics targets')).startsWith('ok: 6 read,'), 60);
    expect(await outcome('metrics names')).toMatch(/^ok: \d+ metrics of 6 programs are as declared/);
    await soon(async () => (await outcome('metrics moved')).startsWith('ok:'), 60);
  });

  it('has what a call did', async () => {
    await stage.succeed(['health', 'realtime']);
    await soon(
      async () => ((await value('livekit_participant_join_total{state="rtc_connected"}')) ?? 0) >= 2,
      60,
    );
  });

  it('answers in a table, as a line and in the words of Prometheus', async () => {
    expect((await stage.succeed(['metrics', 'up{job="arc-storage"}'])).stdout).toMatch(
      /^VALUE {2}SERIES\n1 {6}up\{.*job="arc-storage"/,
    );
    const { stdout } = await stage.succeed(['metrics', 'up{job="arc-storage"}', '--range', '10m']);
    expect(stdout).toMatch(/█\| {2}up\{/);
    const refused = await stage.arc(['metrics', 'rate(']);
    expect(refused.exitCode).not.toBe(0);
    expect(refused.stderr).toContain('unclosed left parenthesis');
  });

  it('draws the panels, and names those that nothing fills', async () => {
    const { stdout } = await stage.succeed(['panels', '--range', '10m']);
    expect(stdout).toMatch(/Service health\n/);
    expect(stdout).toMatch(/arc-realtime +.*█\| {2}up/);
    const file = join(stage.workspace.root, 'panels.svg');
    await stage.succeed(['panels', '--range', '24h', '--svg', file]);
    expect(readFileSync(file, 'utf8')).toContain('WebRTC quality');
  });

  it('takes in a service that is booted alone, without a restart or another setting, and proves it', async () => {
    const before = await startedAt();
    const plan = (await stage.succeed(['plan', 'gateway', ...bases])).stdout;
    expect(plan).toMatch(/^~ container arc-metrics {2}\(reloaded, not restarted: \S+\/targets changes\)$/m);
    expect(plan).not.toContain('metrics/rendered/config');
    const { output } = await stage.succeed(['up', 'gateway', ...bases, '--yes']);
    expect(output).toContain('metrics reloaded');
    expect(await startedAt()).toBe(before);
    await soon(async () => (await outcome('metrics targets')).startsWith('ok: 7 read,'), 60);
  });

  it('takes in the exporter of a service that is booted beside it, and leaves out what is taken down', async () => {
    const before = await startedAt();
    await stage.succeed(['up', 'messaging', ...bases, '--yes']);
    await soon(async () => (await outcome('metrics targets')).startsWith('ok: 8 read,'), 60);
    expect(await value('up{job="arc-messaging-metrics"}')).toBe(1);
    const { output } = await stage.succeed(['down', 'messaging', '--yes']);
    expect(output).toContain('metrics reloaded');
    expect(await startedAt()).toBe(before);
    // Nothing is asked for that is gone, so no alert can say that it is down.
    await soon(async () => (await value('up{job="arc-messaging-metrics"}')) === undefined, 90);
    await soon(async () => (await outcome('metrics targets')).startsWith('ok: 7 read,'), 60);
  });

  it('says who is down, also to the receiver of alerts', async () => {
    const address = receiver.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const network = (await stage.engine.docker.getNetwork('arc_platform_net').inspect()) as {
      IPAM: { Config: { Gateway: string }[] };
    };
    const host = network.IPAM.Config[0]?.Gateway;
    const sent = ['alert_receiver_tls=off', `alert_receiver=${host}:${port}`, 'alert_receiver_path=/hook'];
    const set = sent.flatMap((one) => ['--set', one]);
    await stage.succeed(['up', ...services, 'gateway', ...bases, ...quick, ...set, '--yes']);
    await stage.engine.docker.getContainer('arc-cache-metrics').stop();
    await soon(async () => received.some(({ labels }) => labels.alertname === 'service-down'), 150);
    expect(received[0]?.path).toBe('/hook/api/v2/alerts');
    expect(await outcome('metrics alerts')).toMatch(
      /^failed: service-down for .*: arc-cache-metrics \(tails\) shows no metrics/,
    );
    expect(await outcome('metrics targets')).toMatch(/^failed: arc-cache-metrics cannot be read/);
    await stage.engine.docker.getContainer('arc-cache-metrics').start();
    await until({
      what: 'no alert',
      limitMilliseconds: 90_000,
      ask: async () => {
        const said = await outcome('metrics alerts');
        if (!said.startsWith('ok:')) throw new Error(said);
        return true;
      },
    });
  });

  it('holds up no boot and no call while it is killed, and comes back by itself with a gap', async () => {
    await stage.engine.docker.getContainer('arc-metrics').pause();
    expect(await outcome('realtime media')).toMatch(/^ok: joined in/);
    await stage.succeed(['restart', 'realtime', ...bases, '--yes']);
    await stage.engine.docker.getContainer('arc-metrics').unpause();
    await stage.engine.docker.getContainer('arc-metrics').kill({ signal: 'SIGKILL' });
    expect(await outcome('realtime media')).toMatch(/^ok: joined in/);
    await stage.engine.docker.getContainer('arc-metrics').start();
    await soon(async () => (await outcome('metrics targets')).startsWith('ok: 7 read,'), 60);
  });

  it.each([
    ['alerts', {}],
    ['alerts-victorialogs', { logs: 'victorialogs' }],
  ])('has %s that fire when they should, and only then, as promtool tests them', async (file, flavours) => {
    const folder = mkdtempSync(join(tmpdir(), 'arc-alerts-'));
    try {
      writeFileSync(join(folder, 'alerts.yaml'), await alertRules(flavours));
      writeFileSync(join(folder, 'test.yaml'), readFileSync(join(repository, `tests/rules/${file}.yaml`)));
      const run = ['run', '--rm', '--user', '0:0', '--volume', `${folder}:/rules:ro`, '--workdir', '/rules'];
      const image = 'ghcr.io/arc-framework/arc-metrics:latest';
      const { all, exitCode } = await execa(
        'docker',
        [...run, '--entrypoint', '/bin/promtool', image, 'test', 'rules', 'test.yaml'],
        { all: true, reject: false },
      );
      expect(all).toContain('SUCCESS');
      expect(exitCode).toBe(0);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
