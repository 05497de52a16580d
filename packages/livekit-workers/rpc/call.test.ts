import { EgressInfo, IngressInfo, IngressState, StopEgressRequest } from '@livekit/protocol';
import { describe, expect, it } from 'vitest';
import { memoryBus } from '../../../tests/fixtures/memory-bus.ts';
import { channels } from './channels.ts';
import { rpcClient } from './client.ts';
import { RpcError } from './error.ts';
import { GetIngressInfoRequest, GetIngressInfoResponse, StartEgressRequest } from './messages.ts';
import { methods } from './methods.ts';
import { type RpcServer, rpcServer } from './server.ts';
import { Claim, ClaimAnswer, packed, Request, Response, unpacked } from './wire.ts';

const unwanted = (cause: unknown): never => {
  throw cause;
};
const { signal } = new AbortController();
const stop = (egressId: string) => ({
  method: methods.stopEgress,
  topic: egressId,
  request: new StopEgressRequest({ egressId }),
  signal,
});

type Bus = ReturnType<typeof memoryBus>;
const server = (bus: Bus): RpcServer => rpcServer({ bus, report: unwanted });
const handlers = (bus: Bus) =>
  rpcClient({ bus, service: 'EgressHandler', limits: { answer: 500, claim: 50 } });
const sentOn = (bus: Bus, suffix: string): number =>
  bus.published.filter(({ channel }) => channel.endsWith(suffix)).length;

describe('a call', () => {
  it('is answered by the server of its topic', async () => {
    const bus = memoryBus();
    for (const egressId of ['EG_1', 'EG_2']) {
      await server(bus).register({
        method: methods.stopEgress,
        topic: egressId,
        handle: async ({ request }) =>
          new EgressInfo({ egressId: request.egressId, details: `of ${egressId}` }),
      });
    }
    const { details } = await (await handlers(bus)).call(stop('EG_2'));
    expect(details).toBe('of EG_2');
  });

  it('fails with the code and the words that the handler threw', async () => {
    const bus = memoryBus();
    await server(bus).register({
      method: methods.stopEgress,
      topic: 'EG_1',
      handle: async () => {
        throw new RpcError('failed_precondition', 'it has ended');
      },
    });
    await expect((await handlers(bus)).call(stop('EG_1'))).rejects.toMatchObject({
      code: 'failed_precondition',
      message: 'it has ended',
    });
  });

  it('fails with "unknown" where the handler did not mean its error for the wire', async () => {
    const bus = memoryBus();
    await server(bus).register({
      method: methods.stopEgress,
      topic: 'EG_1',
      handle: async () => {
        throw new TypeError('oops');
      },
    });
    await expect((await handlers(bus)).call(stop('EG_1'))).rejects.toMatchObject({
      code: 'unknown',
      message: 'oops',
    });
  });

  it('fails where no server offers itself, as it does with psrpc', async () => {
    await expect((await handlers(memoryBus())).call(stop('EG_1'))).rejects.toMatchObject({
      code: 'unavailable',
      message: 'no response from servers',
    });
  });

  it('fails where the chosen server does not answer in time, and the server is told', async () => {
    const bus = memoryBus();
    const gaveUp = Promise.withResolvers<void>();
    await server(bus).register({
      method: methods.stopEgress,
      topic: 'EG_1',
      handle: ({ signal }) => {
        signal.addEventListener('abort', () => gaveUp.resolve());
        return new Promise(() => {});
      },
    });
    await expect((await handlers(bus)).call(stop('EG_1'))).rejects.toMatchObject({
      code: 'deadline_exceeded',
    });
    await gaveUp.promise;
  });

  it('can be given up by the caller', async () => {
    const controller = new AbortController();
    const call = (await handlers(memoryBus())).call({ ...stop('EG_1'), signal: controller.signal });
    controller.abort();
    await expect(call).rejects.toMatchObject({ code: 'canceled' });
  });

  it('of which the answer makes no sense fails', async () => {
    const bus = memoryBus();
    await bus.subscribe('EgressHandler|StopEgress|EG_1|REQ', (bytes) => {
      const request = unpacked(Request, bytes);
      const answer = new Response({ requestId: request?.requestId ?? '', rawResponse: Uint8Array.of(0xff) });
      void bus.publish(channels.response('EgressHandler', request?.clientId ?? ''), packed(answer));
    });
    await expect((await handlers(bus)).call(stop('EG_1'))).rejects.toMatchObject({
      code: 'malformed_result',
    });
  });
});

describe('a server', () => {
  it('does not handle what the client gave to another', async () => {
    const bus = memoryBus();
    const handled: string[] = [];
    for (const name of ['first', 'second']) {
      await server(bus).register({
        method: methods.startEgress,
        handle: async () => {
          handled.push(name);
          return new EgressInfo({ details: name });
        },
      });
    }
    const client = await rpcClient({ bus, service: 'EgressInternal' });
    const request = new StartEgressRequest({ egressId: 'EG_1' });
    await client.call({ method: methods.startEgress, request, signal });
    expect(handled).toEqual(['first']);
    expect(sentOn(bus, '|CLAIM')).toBe(2);
  });

  it('says how well it suits, and nothing at all where it does not', async () => {
    const bus = memoryBus();
    for (const affinity of [0.25, -1]) {
      const register = { handle: async () => new EgressInfo(), affinity: () => affinity };
      await server(bus).register({ method: methods.startEgress, ...register });
    }
    const affinities: (number | undefined)[] = [];
    await bus.subscribe('EgressInternal|CLI_x|CLAIM', (bytes) => {
      affinities.push(unpacked(Claim, bytes)?.affinity);
    });
    const expiry = BigInt(Date.now() + 200) * 1_000_000n;
    const request = new Request({ requestId: 'REQ_x', clientId: 'CLI_x', expiry });
    await bus.publish('EgressInternal|StartEgress|REQ', packed(request));
    await expect.poll(() => affinities).toEqual([0.25]);
  });

  it('leaves a queued request to the one that took it', async () => {
    const bus = memoryBus();
    for (const _ of ['first', 'second']) {
      await server(bus).register({
        method: methods.getIngressInfo,
        handle: async ({ request }) =>
          new GetIngressInfoResponse({ info: new IngressInfo({ streamKey: request.streamKey }) }),
      });
    }
    const client = await rpcClient({ bus, service: 'IOInfo' });
    const request = new GetIngressInfoRequest({ streamKey: 'key' });
    const { info } = await client.call({ method: methods.getIngressInfo, request, signal });
    expect(info?.streamKey).toBe('key');
    expect(sentOn(bus, '|CLAIM')).toBe(1);
  });

  it('drops a request that nobody waits for any more', async () => {
    const bus = memoryBus();
    const late = rpcServer({ bus, report: unwanted, now: () => 2_000_000n });
    await late.register({ method: methods.stopEgress, topic: 'EG_1', handle: async () => new EgressInfo() });
    await bus.publish(
      'EgressHandler|StopEgress|EG_1|REQ',
      packed(new Request({ requestId: 'REQ_1', clientId: 'CLI_1', expiry: 1_999_999n })),
    );
    await late.close();
    expect(sentOn(bus, '|CLAIM')).toBe(0);
  });

  it('refuses a request that it cannot read, without an offer', async () => {
    const bus = memoryBus();
    await server(bus).register({
      method: methods.deleteIngress,
      topic: 'IN_1',
      handle: async () => new IngressState(),
    });
    const answers: (Response | undefined)[] = [];
    await bus.subscribe('IngressHandler|CLI_1|RES', (bytes) => void answers.push(unpacked(Response, bytes)));
    const broken = { clientId: 'CLI_1', expiry: 1n << 62n, rawRequest: Uint8Array.of(0xff) };
    await bus.publish(
      'IngressHandler|DeleteIngress|IN_1|REQ',
      packed(new Request({ requestId: 'R', ...broken })),
    );
    await expect.poll(() => answers.map((answer) => answer?.code)).toEqual(['malformed_request']);
    expect(sentOn(bus, '|CLAIM')).toBe(0);
  });

  it('that closes lets what it handles end, and hears of nothing more', async () => {
    const bus = memoryBus();
    const begun = Promise.withResolvers<void>();
    const allowed = Promise.withResolvers<void>();
    const worker = server(bus);
    await worker.register({
      method: methods.stopEgress,
      topic: 'EG_1',
      handle: async () => {
        begun.resolve();
        await allowed.promise;
        return new EgressInfo({ details: 'ended well' });
      },
    });
    const client = await handlers(bus);
    const call = client.call(stop('EG_1'));
    await begun.promise;
    const closed = worker.close();
    allowed.resolve();
    expect((await call).details).toBe('ended well');
    await closed;
    await expect(client.call(stop('EG_1'))).rejects.toMatchObject({ code: 'unavailable' });
  });

  it('is not chosen by an answer to another request', async () => {
    const bus = memoryBus();
    let handled = 0;
    const worker = rpcServer({ bus, report: unwanted, id: 'SRV_1' });
    await worker.register({
      method: methods.stopEgress,
      topic: 'EG_1',
      handle: async () => {
        handled += 1;
        return new EgressInfo();
      },
    });
    const expiry = BigInt(Date.now() + 100) * 1_000_000n;
    await bus.publish(
      'EgressHandler|StopEgress|EG_1|REQ',
      packed(new Request({ requestId: 'REQ_1', clientId: 'CLI_1', expiry })),
    );
    await bus.publish(
      'EgressHandler|StopEgress|EG_1|RCLAIM',
      packed(new ClaimAnswer({ requestId: 'REQ_2', serverId: 'SRV_1' })),
    );
    await worker.close();
    expect(handled).toBe(0);
  });
});
