import { describe, expect, test } from 'vitest';
import { observedContainer } from '../../../tests/fixtures/observed.ts';
import { testContainer, testStack } from '../../../tests/fixtures/stacks.ts';
import type { SocketAddress } from '../../core/socket-address.ts';
import type { ContainerInspection } from './engine.ts';
import { dockerReach } from './reach.ts';
import type { ObservedContainer } from './snapshot.ts';

const server = testContainer({
  role: 'server',
  ports: [
    {
      name: 'http',
      container: { first: 80, last: 80 },
      host: { first: 8080, last: 8080 },
      protocol: 'tcp',
      bind: '0.0.0.0',
      purpose: 'test',
    },
  ],
});

/** Where the port `http` of the server is, and how often the Engine was asked for it. */
async function reached(options: {
  observed?: readonly ObservedContainer[];
  address?: string;
  engine?: string;
  port?: string;
}): Promise<SocketAddress & { questions: number }> {
  let questions = 0;
  const reach = dockerReach({
    stack: testStack({ containers: [server] }),
    observed: options.observed ?? [],
    engine: {
      inspectContainer: async () => {
        questions += 1;
        return inspection(options.address);
      },
    },
    connection: { endpoint: { address: options.engine ?? 'unix:///var/run/docker.sock' } },
    addresses: () => new Set(['127.0.0.1', '172.18.0.1']),
  });
  const at = { role: 'server', port: options.port ?? 'http' };
  await using found = await reach(at, new AbortController().signal);
  return { host: found.host, port: found.port, questions };
}

function inspection(address: string | undefined): ContainerInspection {
  return {
    id: 'server',
    state: 'running',
    exitCode: 0,
    outOfMemory: false,
    error: '',
    restarts: 0,
    networks:
      address === undefined ? [] : [{ name: 'arc_net', address, gateway: address.replace(/\d+$/, '1') }],
    published: [],
  };
}

const published = (bind: string) =>
  observedContainer('server', [], { published: [{ container: 80, bind, host: 9090 }] });

describe('a port of a container that is made now', () => {
  test('is where the stack publishes it, without a question to the Engine', async () => {
    expect(await reached({})).toEqual({ host: '127.0.0.1', port: 8080, questions: 0 });
  });
});

describe('a port of a container that runs', () => {
  test('is where that container publishes it, whatever the stack says now', async () => {
    expect(await reached({ observed: [published('127.0.0.9')] })).toEqual({
      host: '127.0.0.9',
      port: 9090,
      questions: 0,
    });
  });

  test('is at the address of the container where that one does not publish it', async () => {
    expect(await reached({ observed: [observedContainer('server')], address: '172.18.0.5' })).toEqual({
      host: '172.18.0.5',
      port: 80,
      questions: 1,
    });
  });

  test('is out of reach where the network is not on this machine', async () => {
    const observed = [observedContainer('server')];
    const problem = {
      problems: [{ code: 'port-out-of-reach', suggestion: expect.stringContaining('publish') }],
    };
    await expect(reached({ observed, address: '10.9.0.5' })).rejects.toMatchObject(problem);
    // The same subnet may be in use on both machines.
    await expect(
      reached({ observed, address: '172.18.0.5', engine: 'tcp://192.0.2.7:2376' }),
    ).rejects.toMatchObject(problem);
  });

  test('is on the machine of an Engine over TCP, where it is published for others', async () => {
    const engine = 'tcp://192.0.2.7:2376';
    const at = (bind: string) => reached({ engine, observed: [published(bind)] });
    expect(await at('0.0.0.0')).toMatchObject({ host: '192.0.2.7', port: 9090 });
    expect(await at('192.0.2.8')).toMatchObject({ host: '192.0.2.8', port: 9090 });
    await expect(at('127.0.0.1')).rejects.toMatchObject({
      problems: [
        {
          code: 'port-out-of-reach',
          suggestion: expect.stringContaining('DOCKER_HOST=ssh://192.0.2.7'),
        },
      ],
    });
  });

  test('is on loopback where the Engine over TCP is', async () => {
    const found = await reached({ engine: 'tcp://localhost:2375', observed: [published('127.0.0.1')] });
    expect(found).toMatchObject({ host: '127.0.0.1', port: 9090 });
  });

  test('is out of reach where the container has no address', async () => {
    const observed = [observedContainer('server')];
    await expect(reached({ observed })).rejects.toMatchObject({ problems: [{ code: 'no-address' }] });
  });
});

test('a port that the stack does not have is an error', async () => {
  await expect(reached({ port: 'htp' })).rejects.toMatchObject({ problems: [{ code: 'unknown-port' }] });
});
