import dgram from 'node:dgram';
import { once } from 'node:events';
import net from 'node:net';
import { networkInterfaces } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openEngineProxy } from '../support/engine-proxy.ts';
import { joinRoom, roomService } from '../support/rooms.ts';
import { openStage, type Stage } from '../support/stage.ts';
import { until } from '../support/until.ts';

const core = ['storage', 'realtime', '--without', 'realtime-ingress', '--without', 'realtime-egress'];

let stage: Stage;
beforeAll(async () => {
  stage = await openStage({ settings: { media: 'mux' } });
});
afterAll(() => stage?.close());

describe('realtime without the cache', () => {
  it('runs on a single node, and says so; ingress and egress are left out with the reason', async () => {
    const { stderr } = await stage.succeed(['up', 'realtime', '--without', 'cache', '--yes']);
    expect(stderr).toContain(
      'realtime runs without cache: single-node mode; rooms work, but ingress, egress and further nodes do not.',
    );
    for (const role of ['realtime-ingress', 'realtime-egress'])
      expect(stderr).toContain(`${role} cannot run: it needs cache, which was left out.`);
    expect(Object.keys(await stage.engine.containers())).toEqual(['arc-realtime']);
  });

  it('has rooms that people can join', async () => {
    await roomService().createRoom({ name: 'alone' });
    const guest = await joinRoom({ room: 'alone', identity: 'ada', environment: stage.environment });
    expect((await roomService().listParticipants('alone')).map(({ identity }) => identity)).toEqual(['ada']);
    await roomService().deleteRoom('alone');
    await guest.disconnected();
  });

  it('is healthy, media included, and its health says what was not looked at', async () => {
    const { stdout } = await stage.succeed(['health']);
    expect(stdout).toMatch(/✓ +realtime media /);
    expect(stdout).toMatch(/- +realtime state +cache is not part of what runs/);
  });

  it('is healthy when it is named too, for what its boot left out is not missed', async () => {
    const { stdout } = await stage.succeed(['health', 'realtime']);
    expect(stdout).not.toContain('absent');
    expect(stdout).toMatch(/- +realtime ingress +realtime-ingress is not part of what runs/);
    const { exitCode, stdout: named } = await stage.arc(['health', 'realtime-ingress']);
    expect(exitCode).toBe(1);
    expect(named).toContain('there is no such container; run `arc up`');
  });

  it('runs the same where the workspace is named with a path that is not absolute', async () => {
    const call = { cwd: dirname(stage.workspace.root) };
    const before = await stage.engine.runs();
    const args = ['-C', basename(stage.workspace.root), 'up', 'realtime', '--without', 'cache'];
    expect((await stage.succeed(args, call)).stdout).toMatch(/^Nothing to do/);
    expect(await stage.engine.runs()).toEqual(before);
    const { exitCode, stderr } = await stage.arc(['-C', 'nowhere', 'up'], call);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(`The folder ${join(dirname(stage.workspace.root), 'nowhere')} does not exist.`);
  });

  it('joins the cache again when that is no longer left out', async () => {
    const { stdout } = await stage.arc(['plan', ...core]);
    expect(stdout).toContain('~ container arc-realtime  (config changed: config');
    await stage.succeed(['up', ...core]);
    expect((await stage.succeed(['health'])).stdout).toMatch(/✓ +realtime state /);
  });

  it.each(['realtime-ingress', 'realtime-egress'])('refuses %s when that is what was named', async (role) => {
    const { exitCode, stderr } = await stage.arc(['up', role, '--without', 'cache']);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(`${role} cannot run: it needs cache, which was left out.`);
  });
});

describe('proxies', () => {
  /** Nobody listens there. */
  const proxy = 'http://127.0.0.1:9';

  it.each([
    ['that leave this machine out', { NO_PROXY: 'localhost,127.0.0.1' }],
    ['that leave nothing out', {}],
    ["that Node's own clients obey", { NODE_USE_ENV_PROXY: '1' }],
  ])('%s are not asked by checks', async (_, more: Record<string, string>) => {
    await stage.succeed(['up', ...core]);
    const environment = {
      HTTP_PROXY: proxy,
      http_proxy: proxy,
      HTTPS_PROXY: proxy,
      ALL_PROXY: proxy,
      ...more,
    };
    const { stdout } = await stage.succeed(['health'], { environment });
    for (const check of ['bucket', 'api', 'media']) expect(stdout).toMatch(new RegExp(`✓ +\\w+ ${check} `));
  });

  it("in a container, as Docker Compose puts them there, are not asked by the Engine's own checks", async () => {
    for (const role of ['realtime', 'storage'])
      stage.workspace.edit(
        `services/${role}/service.yaml`,
        '\nenvironment:\n',
        `\nenvironment:\n  http_proxy: "${proxy}"\n`,
      );
    await stage.succeed(['up', ...core]);
    const verdicts = async (): Promise<unknown> => {
      const containers = await stage.engine.containers();
      return ['arc-realtime', 'arc-storage'].map((name) => containers[name]?.health);
    };
    await until({
      what: 'the health checks of the Engine itself',
      ask: async () => !JSON.stringify(await verdicts()).includes('starting'),
    });
    expect(await verdicts()).toEqual(['healthy', 'healthy']);
    for (const role of ['realtime', 'storage'])
      stage.workspace.edit(`services/${role}/service.yaml`, `  http_proxy: "${proxy}"\n`, '');
  });
});

describe('files with the line ends of Windows', () => {
  const files = ['service.yaml', 'redis.conf.liquid', 'redis.conf', 'docker-compose.yml', 'Dockerfile'].map(
    (name) => `services/cache/${name}`,
  );
  const convert = (from: RegExp, to: string): void => {
    for (const file of files) stage.workspace.write(file, stage.workspace.read(file).replaceAll(from, to));
  };
  afterAll(() => convert(/\r\n/g, '\n'));

  it('are as good as others, and no container gets them', async () => {
    await stage.succeed(['down']);
    await stage.succeed(['generate']);
    convert(/\n/g, '\r\n');
    await stage.succeed(['validate']);
    expect((await stage.succeed(['generate', '--check'])).stdout).toContain('up to date');
    expect((await stage.succeed(['up', 'cache'])).stderr).not.toContain('edited by hand');
    const count = await stage.arc(['exec', 'cache', 'grep', '-c', '\r', '/etc/arc/redis.conf']);
    expect({ stdout: count.stdout.trim(), exitCode: count.exitCode }).toEqual({ stdout: '0', exitCode: 1 });
    await until({
      what: 'the health check of the Engine itself',
      ask: async () => (await stage.engine.containers())['arc-cache']?.health === 'healthy',
    });
  });
});

describe('keys that do not agree', () => {
  const otherSecret = 'another-secret-that-is-as-long-as-it-must-be';

  it('between two files are found by validate, which names both places and shows neither', async () => {
    const file = 'services/realtime/ingress.yaml';
    const before = stage.workspace.read(file);
    stage.workspace.edit(file, 'devsecret-for-local-development-only', otherSecret);
    const { exitCode, stderr } = await stage.arc(['validate']);
    stage.workspace.write(file, before);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/error\[config-mismatch\] services\/realtime\/ingress\.yaml:\d+:\d+/);
    expect(stderr).toMatch(/does not agree with `keys` in services\/realtime\/livekit\.yaml:\d+/);
    expect(stderr).not.toContain(otherSecret);
    expect(stderr).not.toContain('devsecret');
  });

  it('between the server and this machine are found by health, without a token in the answer', async () => {
    await stage.succeed(['up', ...core]);
    const { exitCode, stdout, stderr } = await stage.arc(['health'], {
      environment: { LIVEKIT_API_SECRET: otherSecret },
    });
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/✗ +realtime api .*signature is invalid/);
    expect(stdout).toMatch(/✓ +realtime signalling /);
    expect(stdout).toContain('Not healthy:');
    expect(stdout + stderr).not.toContain(otherSecret);
  });
});

describe('the address that clients are told', () => {
  const nodeIp = async (): Promise<string | undefined> => {
    const { Config } = await stage.engine.docker.getContainer('arc-realtime').inspect();
    return Config.Env.find((line) => line.startsWith('NODE_IP='));
  };

  it('is this machine only, where nothing is said', async () => {
    await stage.succeed(['up', ...core]);
    expect(await nodeIp()).toBe('NODE_IP=127.0.0.1');
  });

  it('is the one on the network with LIVEKIT_NODE_IP=lan, and media flows through it', async () => {
    const environment = { LIVEKIT_NODE_IP: 'lan' };
    await stage.succeed(['up', ...core], { environment });
    const own = Object.values(networkInterfaces())
      .flatMap((addresses) => addresses ?? [])
      .filter(({ family, internal }) => family === 'IPv4' && !internal)
      .map(({ address }) => `NODE_IP=${address}`);
    expect(own).toContain(await nodeIp());
    const { stdout } = await stage.succeed(['explain', 'realtime'], { environment });
    expect(stdout).toContain((await nodeIp())?.replace('NODE_IP=', ''));
    expect((await stage.succeed(['health'], { environment })).stdout).toMatch(/✓ +realtime media /);
  });

  it('must be an address', async () => {
    const { exitCode, stderr } = await stage.arc(['up', ...core], {
      environment: { LIVEKIT_NODE_IP: 'not an address' },
    });
    expect(exitCode).toBe(2);
    expect(stderr).toContain('LIVEKIT_NODE_IP');
  });
});

describe('two at once', () => {
  it('the second is told who is at work, and changes nothing', async () => {
    await stage.succeed(['down']);
    const proxy = await openEngineProxy();
    const start = proxy.hold(/^POST .*\/containers\/arc-cache\/start/);
    const first = stage.start(['up', ...core], { environment: proxy.environment });
    await start.madeBy(first);
    const second = await stage.arc(['up', ...core]);
    // Ends before anything can fail the test, so that the next one does not meet it.
    start.release();
    const { exitCode } = await first;
    proxy.close();
    expect(second.exitCode).toBe(1);
    expect(second.stderr).toContain(`is being changed by \`arc up\`, process ${first.pid} of `);
    expect(exitCode).toBe(0);
    await stage.succeed(['plan', ...core, '--exit-code']);
    await stage.succeed(['down']);
  });

  it('all end well or say who was first, whatever the moment, and the stack is right', async () => {
    const both = await Promise.all(Array.from({ length: 4 }, () => stage.arc(['up', ...core])));
    for (const { exitCode, stderr } of both) {
      if (exitCode !== 0) expect(stderr).toContain('error[locked]');
    }
    expect(both.some(({ exitCode }) => exitCode === 0)).toBe(true);
    expect((await stage.succeed(['plan', ...core, '--exit-code'])).stdout).toBe('nothing to do');
  });
});

describe('a port that somebody else holds', () => {
  let release: Array<() => void> = [];
  afterEach(() => {
    for (const close of release) close();
    release = [];
  });

  async function holdTcp(port: number, host: string): Promise<void> {
    const server = net.createServer().listen(port, host);
    release.push(() => server.close());
    await once(server, 'listening');
  }

  async function holdUdp(port: number): Promise<void> {
    const socket = dgram.createSocket('udp4').bind(port, '0.0.0.0');
    release.push(() => socket.close());
    await once(socket, 'listening');
  }

  beforeAll(() => stage.succeed(['nuke', '--force']));

  it('is named with its holder before anything is created, every one at once', async () => {
    await holdTcp(1935, '127.0.0.1');
    await holdTcp(7880, '0.0.0.0');
    const { exitCode, stderr } = await stage.arc(['up', 'think', '--yes']);
    expect(exitCode).toBe(4);
    for (const [port, wanted] of [
      [1935, 'arc-realtime-ingress (rtmp)'],
      [7880, 'arc-realtime (http)'],
    ])
      expect(stderr).toMatch(
        new RegExp(
          `Port ${port}/tcp, wanted by ${literally(String(wanted))}, is held by .*\\(pid ${process.pid}\\)`,
        ),
      );
    expect(stderr).toContain('services/realtime/service.yaml → ports → rtmp → host');
    expect(await stage.engine.objects()).toEqual([]);
  });

  it('is named within the range of media ports too', async () => {
    await holdUdp(50150);
    const held = 'Port 50150/udp, wanted by arc-realtime (media), is held by';
    // What stands in the way is a part of what `arc up` will do.
    expect((await stage.succeed(['plan', ...core, '--set', 'media=range'])).stderr).toContain(held);
    const { exitCode, stderr } = await stage.arc(['up', ...core, '--set', 'media=range']);
    expect(exitCode).toBe(4);
    expect(stderr).toContain(held);
    expect(await stage.engine.objects()).toEqual([]);
  });

  it('does not matter where nothing wants it', async () => {
    await holdTcp(1935, '127.0.0.1');
    await stage.succeed(['up', ...core]);
  });
});

describe('no Engine', () => {
  const nowhere = 'unix:///nonexistent/arc-e2e.sock';

  it.each(['up', 'plan', 'down', 'status', 'health', 'logs'])(
    '%s says so in one sentence with what was tried',
    async (command) => {
      const { exitCode, stdout, stderr } = await stage.arc([command], {
        environment: { DOCKER_HOST: nowhere },
      });
      expect(exitCode).toBe(4);
      expect(stdout).toBe('');
      expect(stderr).toBe(
        [
          'error[no-engine]',
          '  The Docker Engine of DOCKER_HOST does not answer.',
          `  DOCKER_HOST, ${nowhere}: does not exist`,
          '  help: start that Engine, or unset DOCKER_HOST',
        ].join('\n'),
      );
    },
  );

  it('what needs none works without it', async () => {
    for (const command of ['validate', 'services', 'profiles', 'graph'])
      await stage.succeed([command], { environment: { DOCKER_HOST: nowhere } });
  });
});

function literally(text: string): string {
  return text.replaceAll(/[()]/g, '\\$&');
}
