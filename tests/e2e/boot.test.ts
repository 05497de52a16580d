import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { joinRoom, roomService } from '../support/rooms.ts';
import { resultOf, untilLine } from '../support/run-arc.ts';
import { readData, writeData } from '../support/stack-data.ts';
import { openStage, type Stage } from '../support/stage.ts';
import { until } from '../support/until.ts';

/** The flavour of ingress and egress that any machine can have. */
const profile = ['think', '--flavour', 'embedded', '--yes'];
const core = ['storage', 'realtime', '--without', 'realtime-ingress', '--without', 'realtime-egress'];

const withoutTimes = (text: string): string =>
  text.replaceAll(/\d+(\.\d+)?s\b/g, '<time>').replaceAll(/ +/g, ' ');

describe('a profile on an empty Engine', () => {
  let stage: Stage;
  let began: Date;
  beforeAll(async () => {
    stage = await openStage();
    // The images of a run that was killed.
    await stage.succeed(['nuke', '--force']);
    began = new Date();
  });
  afterAll(() => stage?.close());

  it('is planned with a reason for each object, and nothing is changed by that', async () => {
    const { exitCode, stdout } = await stage.arc(['plan', 'think', '--exit-code']);
    expect(stdout).toBe(
      [
        '+ image ghcr.io/arc-framework/arc-cache:latest  (not on this Engine)',
        '+ image ghcr.io/arc-framework/arc-storage:latest  (not on this Engine)',
        '+ image ghcr.io/arc-framework/arc-realtime:latest  (not on this Engine)',
        '+ image ghcr.io/arc-framework/arc-realtime-egress:latest  (not on this Engine; if arc cannot get it, ghcr.io/arc-framework/arc-realtime-egress-embedded:latest)',
        '+ image ghcr.io/arc-framework/arc-realtime-ingress:latest  (not on this Engine; if arc cannot get it, ghcr.io/arc-framework/arc-realtime-ingress-embedded:latest)',
        '+ network arc_platform_net  (no existing network)',
        '+ volume arc-cache-data  (no existing volume)',
        '+ volume arc-storage-data  (no existing volume)',
        '+ container arc-cache  (no existing container)',
        '+ container arc-storage  (no existing container)',
        '+ container arc-realtime  (no existing container)',
        '+ container arc-realtime-egress  (no existing container)',
        '+ container arc-realtime-ingress  (no existing container)',
        '+ bucket recordings  (no existing bucket)',
      ].join('\n'),
    );
    expect(exitCode).toBe(3);
    expect(await stage.engine.objects()).toEqual([]);
  });

  it('boots, and says what runs where', async () => {
    const { stdout } = await stage.succeed(['up', ...profile]);
    const [headline, table, next] = withoutTimes(stdout).split('\n\n');
    expect(headline).toBe('5 containers are healthy after <time>.');
    expect(table).toBe(
      [
        'CONTAINER CODENAME READY WHERE',
        'arc-cache sonic <time> 127.0.0.1:6379',
        'arc-storage tardis <time> 127.0.0.1:9000 127.0.0.1:9001',
        'arc-realtime daredevil <time> 127.0.0.1:7880 127.0.0.1:7881 127.0.0.1:7882 0.0.0.0:50100-50200/udp',
        'arc-realtime-egress scribe <time> 127.0.0.1:7889',
        'arc-realtime-ingress sentry <time> 127.0.0.1:1935 127.0.0.1:7888',
      ].join('\n'),
    );
    expect(next).toContain('LiveKit ws://127.0.0.1:7880');
    expect(next).toContain('bin/arc token --room demo --identity me');
  });

  it('is running, healthy to the Engine too, and visible to Docker Compose', async () => {
    await until({
      what: 'the health checks of the Engine itself',
      ask: async () =>
        Object.values(await stage.engine.containers()).filter(({ health }) => health === 'healthy').length ===
        5,
    });
    const containers = await stage.engine.containers();
    expect(Object.keys(containers).sort()).toEqual([
      'arc-cache',
      'arc-realtime',
      'arc-realtime-egress',
      'arc-realtime-ingress',
      'arc-storage',
    ]);
    for (const [name, service] of [
      ['arc-cache', 'cache'],
      ['arc-realtime', 'realtime'],
      ['arc-storage', 'storage'],
    ] as const) {
      expect(containers[name]).toMatchObject({
        state: 'running',
        labels: {
          'arc.project': 'arc-e2e',
          'com.docker.compose.project': 'arc-e2e',
          'com.docker.compose.service': service,
          'com.docker.compose.container-number': '1',
          'com.docker.compose.oneoff': 'False',
        },
      });
      expect(containers[name]?.labels['com.docker.compose.config-hash']).not.toBe('');
    }
  });

  it('passes the deep checks, with real media between two participants', async () => {
    const { stdout } = await stage.succeed(['health']);
    for (const check of ['bucket', 'signalling', 'api', 'refusal', 'state', 'ingress', 'egress', 'media'])
      expect(stdout).toMatch(new RegExp(`✓ +\\w+ ${check} `));
    expect(stdout).toMatch(/\nHealthy\.$/);

    const { stdout: json } = await stage.succeed(['health', 'realtime', '--json']);
    expect(resultOf(json)).toMatchObject({ healthy: true });
  });

  it('keeps nobody of a deep check that had no time or was interrupted, for it waits for whoever it has', async () => {
    for (const limit of ['1400ms', '1700ms']) await stage.arc(['health', '--timeout', limit]);
    for (const milliseconds of [600, 800]) {
      const health = stage.start(['health']);
      await sleep(milliseconds);
      health.kill('SIGINT');
      await health;
    }
    const rooms = await roomService().listRooms();
    const people = await Promise.all(rooms.map(({ name }) => roomService().listParticipants(name)));
    expect(people.flat()).toEqual([]);
  });

  it('has nothing left to do the second time', async () => {
    const before = await stage.engine.containers();
    const { stdout } = await stage.succeed(['up', ...profile]);
    expect(stdout).toMatch(/^Nothing to do: 5 containers are healthy\./);
    const after = await stage.engine.containers();
    for (const name of Object.keys(before)) {
      expect(after[name]?.id).toBe(before[name]?.id);
      expect(after[name]?.startedAt).toBe(before[name]?.startedAt);
    }
  });

  it('has an empty plan where nothing is different, and else one of only that', async () => {
    const right = await stage.succeed(['plan', 'cache', 'storage', '--exit-code']);
    expect(right.stdout).toBe('nothing to do');
    stage.workspace.edit('services/cache/service.yaml', 'memory: 256m', 'memory: 257m');
    const { exitCode, stdout } = await stage.arc(['plan', ...profile.slice(0, -1), '--exit-code']);
    stage.workspace.edit('services/cache/service.yaml', 'memory: 257m', 'memory: 256m');
    expect(exitCode).toBe(3);
    expect(stdout).toBe(
      [
        '~ container arc-cache  (config changed: resources)',
        '= container arc-realtime  (asked again for 4 s: cache is recreated)',
        '= container arc-realtime-egress  (asked again for 3 s: cache is recreated)',
        '= container arc-realtime-ingress  (asked again for 3 s: cache is recreated)',
      ].join('\n'),
    );
  });

  it('plans what a changed description of an image does, and does exactly that', async () => {
    const before = await stage.engine.containers();
    stage.workspace.edit(
      'services/realtime/service.yaml',
      'description: LiveKit server',
      'description: The server',
    );
    const { stdout } = await stage.arc(['plan', ...profile.slice(0, -1)]);
    expect(stdout).toBe(
      [
        '~ image ghcr.io/arc-framework/arc-realtime:latest  (Dockerfile, base or policy changed)',
        '~ container arc-realtime  (config changed: image)',
        '= container arc-realtime-egress  (asked again: realtime is recreated)',
        '= container arc-realtime-ingress  (asked again: realtime is recreated)',
      ].join('\n'),
    );
    await stage.succeed(['up', ...profile]);
    const after = await stage.engine.containers();
    expect(Object.keys(after).filter((name) => after[name]?.id !== before[name]?.id)).toEqual([
      'arc-realtime',
    ]);
    expect((await stage.arc(['plan', ...profile.slice(0, -1)])).stdout).toBe('nothing to do');
  });

  it('is stopped by its own signal handlers, and nothing remains of it', async () => {
    const { stdout } = await stage.succeed(['nuke', '--force']);
    expect(stdout).toContain('- volume arc-cache-data  (data of cache)');
    expect(stdout).toMatch(/Nothing is left of the project arc-e2e on this Engine\./);
    expect(await stage.engine.objects()).toEqual([]);
    const images = await stage.engine.docker.listImages({
      filters: { reference: ['ghcr.io/arc-framework/arc-*'] },
    });
    expect(images).toEqual([]);
    expect((await stage.engine.endings(began)).sort()).toEqual([
      'arc-cache 0',
      'arc-realtime 0',
      'arc-realtime 0',
      'arc-realtime-egress 0',
      'arc-realtime-ingress 0',
      'arc-storage 0',
    ]);
    expect((await stage.succeed(['nuke', '--force'])).stdout).toBe('There is nothing to remove.');
  });
});

describe('data and change', () => {
  let stage: Stage;
  let began: Date;
  beforeAll(async () => {
    stage = await openStage({ settings: { media: 'mux' } });
    began = new Date();
    await stage.succeed(['up', ...core, '--yes']);
    await writeData('kept');
  });
  afterAll(() => stage?.close());

  it('a changed setting is planned with its cause, and only its container is made anew', async () => {
    const before = await stage.engine.containers();
    const changed = [...core, '--set', 'node_ip=127.0.0.2'];
    const { exitCode, stdout } = await stage.arc(['plan', ...changed, '--exit-code']);
    expect(stdout.split('\n')).toEqual([
      // TURN may relay to the server's own media address alone.
      '~ config .arc/config/realtime/livekit.yaml  (out of date)',
      '~ container arc-realtime  (config changed: config, environment)',
    ]);
    expect(exitCode).toBe(3);

    await stage.succeed(['up', ...changed]);
    const after = await stage.engine.containers();
    const anew = Object.keys(after).filter((name) => after[name]?.id !== before[name]?.id);
    expect(anew).toEqual(['arc-realtime']);
    // What runs, whatever the settings of this call.
    expect((await stage.succeed(['status', '--set', 'media=range'])).stdout).toContain(' 0.0.0.0:50100/udp');
    expect((await stage.succeed(['plan', ...changed, '--exit-code'])).stdout).toBe('nothing to do');
  });

  it('a changed manifest recreates the container of the data, and the data is kept', async () => {
    await stage.succeed(['up', ...core]);
    stage.workspace.edit('services/cache/service.yaml', 'memory: 256m', 'memory: 320m');
    stage.workspace.edit('services/storage/service.yaml', 'memory: 1g', 'memory: 900m');
    const { stdout } = await stage.arc(['plan', ...core]);
    expect(stdout).toContain('~ container arc-cache  (config changed: resources)');
    expect(stdout).toContain('~ container arc-storage  (config changed: resources)');
    const before = await stage.engine.containers();
    await stage.succeed(['up', ...core]);
    const after = await stage.engine.containers();
    expect(after['arc-cache']?.id).not.toBe(before['arc-cache']?.id);
    expect(await readData()).toEqual({ key: 'kept', object: 'kept' });
    await stage.succeed(['health']);
  });

  it('down keeps the data, and the next up has it', async () => {
    const { stdout } = await stage.succeed(['down']);
    expect(stdout).toMatch(/^Removed arc-.*\. Data is kept; `arc up` brings it all back\.$/);
    expect(await stage.engine.containers()).toEqual({});
    expect(await stage.engine.objects()).toEqual(
      expect.arrayContaining(['volume arc-cache-data', 'volume arc-storage-data']),
    );
    expect((await stage.succeed(['down'])).stdout).toBe('Nothing is running.');
    await stage.succeed(['up', ...core]);
    expect(await readData()).toEqual({ key: 'kept', object: 'kept' });
  });

  it('down of a service undoes its up, but for what something else that runs needs', async () => {
    await stage.succeed(['up', ...core]);
    const stays = await stage.succeed(['down', 'cache', 'storage']);
    expect(stays.stdout.split('\n').slice(1)).toEqual(['arc-cache stays: realtime needs it.']);
    expect(Object.keys(await stage.engine.containers()).sort()).toEqual(['arc-cache', 'arc-realtime']);
    const { stdout } = await stage.succeed(['down', 'realtime']);
    expect(stdout).toMatch(/^Removed (arc-cache, arc-realtime|arc-realtime, arc-cache)\. /);
    expect(await stage.engine.containers()).toEqual({});
    await stage.succeed(['up', ...core]);
  });

  it('restart ends and starts the named container, and no other', async () => {
    const before = await stage.engine.containers();
    // The setting is another one for the server, which is not named.
    const { stderr } = await stage.succeed(['restart', 'cache', '--set', 'node_ip=127.0.0.3']);
    expect(stderr).toMatch(/✓ realtime still healthy/);
    const after = await stage.engine.containers();
    const moved = Object.keys(after).filter((name) => after[name]?.startedAt !== before[name]?.startedAt);
    expect(moved).toEqual(['arc-cache']);
    expect(after['arc-cache']?.id).toBe(before['arc-cache']?.id);
    expect(await readData()).toEqual({ key: 'kept', object: 'kept' });
    await stage.succeed(['health']);
  });

  it('a template with a field that the upstream does not know is refused before anything is stopped', async () => {
    const before = await stage.engine.runs();
    const template = 'services/realtime/livekit.yaml.liquid';
    stage.workspace.edit(template, 'port: {{ ports.http }}', 'prot: 1\nport: {{ ports.http }}');
    const { exitCode, stderr } = await stage.arc(['up', ...core]);
    expect(stderr).toContain('"prot" is not a field of the configuration of LiveKit server.');
    expect(exitCode).toBe(2);
    stage.workspace.edit(template, 'prot: 1\nport: {{ ports.http }}', 'port: {{ ports.http }}');
    expect(await stage.engine.runs()).toEqual(before);
  });

  it('a config file that somebody edited is what its containers get, and no other is touched', async () => {
    const file = 'services/cache/redis.conf';
    const before = await stage.engine.containers();
    stage.workspace.edit(file, 'appendonly yes', 'appendonly yes\nmaxclients 777');
    expect((await stage.arc(['plan', ...core])).stdout).toBe(
      [
        '~ container arc-cache  (config changed: config)',
        '= container arc-realtime  (asked again for 4 s: cache is recreated)',
      ].join('\n'),
    );
    const { stderr } = await stage.succeed(['up', ...core]);
    expect(stderr).toContain(`${file} was edited by hand; its containers get it as it is.`);
    const limit = 'REDISCLI_AUTH=arc-dev-redis-password redis-cli config get maxclients';
    expect((await stage.succeed(['exec', 'cache', 'sh', '-c', limit])).stdout).toContain('777');
    const after = await stage.engine.containers();
    expect(Object.keys(after).filter((name) => after[name]?.id !== before[name]?.id)).toEqual(['arc-cache']);
    expect((await stage.arc(['plan', ...core])).stdout).toBe('nothing to do');
    stage.workspace.edit(file, '\nmaxclients 777', '');
    await stage.succeed(['up', ...core]);
    expect(await readData()).toEqual({ key: 'kept', object: 'kept' });
    await stage.succeed(['health']);
  });

  it('stops no server with people in its rooms without consent, and says in the plan who that is', async () => {
    const guest = await joinRoom({ room: 'open-room', identity: 'ada', environment: stage.environment });
    const before = await stage.engine.runs();
    const { stdout } = await stage.arc(['plan', ...core, '--set', 'node_ip=127.0.0.4']);
    expect(stdout.split('\n')).toEqual([
      '~ config .arc/config/realtime/livekit.yaml  (out of date)',
      '~ container arc-realtime  (config changed: config, environment; loses 1 room, 1 participant)',
    ]);
    for (const command of ['restart', 'down']) {
      const { exitCode, stderr } = await stage.arc([command, 'arc-realtime']);
      expect(exitCode).toBe(2);
      expect(stderr).toContain(`arc ${command} loses 1 room, 1 participant (realtime). Continue?`);
    }
    expect(await stage.engine.runs()).toEqual(before);

    const restarted = await stage.succeed(['restart', 'arc-realtime', '--yes']);
    expect(restarted.stdout).toContain('Lost: 1 room, 1 participant (realtime).');
    await guest.disconnected();
  });

  it('waits with --drain until the rooms are empty', async () => {
    const guest = await joinRoom({ room: 'open-room', identity: 'ada', environment: stage.environment });
    const { exitCode, stderr } = await stage.arc(['restart', 'arc-realtime', '--drain', '1s']);
    expect(exitCode).toBe(1);
    expect(stderr).toContain('After 1 s there is still 1 room, 1 participant (realtime).');

    const restart = stage.start(['restart', 'arc-realtime', '--drain', '90s', '--json']);
    await untilLine(restart.readable(), (line) => line.includes('"drain container/realtime"'));
    await guest.leave();
    const { stdout, exitCode: drained } = await restart;
    expect(drained).toBe(0);
    expect(resultOf(String(stdout))).toMatchObject({ healthy: true, lost: [] });
  });

  it('clean asks first, and without a terminal names the flag', async () => {
    const { exitCode, stdout, stderr } = await stage.arc(['clean']);
    expect(exitCode).toBe(2);
    expect(stdout).toContain('- volume arc-cache-data  (data of cache)');
    expect(stdout).toMatch(
      /- volume arc-storage-data {2}\(data of storage; loses 1 object, 4 B in recordings, the newest of [-\d]+ [:\d]+ UTC\)/,
    );
    expect(stderr).toContain('add --yes to say yes');
    expect(await readData()).toEqual({ key: 'kept', object: 'kept' });
  });

  it.each(['down', 'clean', 'nuke'])(
    '%s --dry-run prints the plan with its losses, and changes nothing',
    async (command) => {
      const before = await stage.engine.runs();
      const { stdout } = await stage.succeed([command, '--dry-run']);
      expect(stdout).toContain('- container arc-cache  (');
      expect(stdout.includes('loses 1 object, 4 B')).toBe(command !== 'down');
      expect(await stage.engine.runs()).toEqual(before);
      expect(await readData()).toEqual({ key: 'kept', object: 'kept' });
    },
  );

  it('clean says how many people are in rooms, does the steps that --dry-run has printed, and removes the data', async () => {
    const guests = await Promise.all(
      ['ada', 'grace'].map((identity) =>
        joinRoom({ room: 'open-room', identity, environment: stage.environment }),
      ),
    );
    type Answer = { removed: readonly string[]; lost: readonly unknown[]; steps: readonly { id: string }[] };
    const foreseen = resultOf<Answer>((await stage.succeed(['clean', '--dry-run', '--json'])).stdout);
    expect(foreseen).toMatchObject({ removed: [], lost: [] });
    const { stdout } = await stage.succeed(['clean', '--yes', '--json']);
    const done = stdout
      .split('\n')
      .map((line): { type: string; phase?: string; id?: string } => JSON.parse(line))
      .flatMap(({ type, phase, id }) =>
        type === 'step' && phase === 'done' && id !== undefined ? [id] : [],
      );
    expect(done.toSorted()).toEqual(foreseen.steps.map(({ id }) => id).toSorted());
    const { removed, lost, steps } = resultOf<Answer>(stdout);
    expect(steps).toEqual(foreseen.steps);
    expect(removed).toContain('volume arc-cache-data');
    expect(lost).toContainEqual({ role: 'realtime', kind: 'live', text: '1 room, 2 participants' });
    expect((await stage.engine.objects()).filter((name) => !name.startsWith('network'))).toEqual([]);
    await Promise.all(guests.map((guest) => guest.disconnected()));

    await stage.succeed(['up', ...core]);
    expect(await readData()).toEqual({ key: null, object: null });
  });

  it('nothing was ever killed: every process ended by its own signal handler', async () => {
    await stage.succeed(['down']);
    const endings = await stage.engine.endings(began);
    expect(endings.filter((ending) => !ending.endsWith(' 0'))).toEqual([]);
    expect(endings.length).toBeGreaterThan(10);
  });
});
