import type { EgressInfo, IngressInfo, IngressState } from '@livekit/protocol';
import { ListEgressRequest } from '@livekit/protocol';
import type { Bus } from './bus.ts';
import { rpcClient } from './client.ts';
import { RpcError } from './error.ts';
import { GetIngressInfoRequest, UpdateIngressStateRequest } from './messages.ts';
import { methods } from './methods.ts';

/** What livekit-server keeps of ingresses and egresses. All calls have psrpc's deadline of 3 s, and throw RpcError. */
export type IoInfo = {
  /** To be called before StartEgress is answered: the server's own call then changes nothing. */
  createEgress(info: EgressInfo, signal: AbortSignal): Promise<void>;
  updateEgress(info: EgressInfo, signal: AbortSignal): Promise<void>;
  listEgress(active: boolean, signal: AbortSignal): Promise<readonly EgressInfo[]>;
  createIngress(info: IngressInfo, signal: AbortSignal): Promise<void>;
  /** @returns nothing where there is no such ingress */
  ingress(
    by: { streamKey: string } | { ingressId: string },
    signal: AbortSignal,
  ): Promise<IngressInfo | undefined>;
  updateIngressState(ingressId: string, state: IngressState, signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
};

export async function ioInfoClient(options: { bus: Bus }): Promise<IoInfo> {
  const client = await rpcClient({ bus: options.bus, service: 'IOInfo' });
  return {
    createEgress: async (request, signal) => {
      await client.call({ method: methods.createEgress, request, signal });
    },
    updateEgress: async (request, signal) => {
      await client.call({ method: methods.updateEgress, request, signal });
    },
    listEgress: async (active, signal) => {
      const request = new ListEgressRequest({ active });
      return (await client.call({ method: methods.listEgress, request, signal })).items;
    },
    createIngress: async (request, signal) => {
      await client.call({ method: methods.createIngress, request, signal });
    },
    ingress: async (by, signal) => {
      try {
        const request = new GetIngressInfoRequest(by);
        return (await client.call({ method: methods.getIngressInfo, request, signal })).info;
      } catch (cause) {
        if (cause instanceof RpcError && cause.code === 'not_found') return undefined;
        throw cause;
      }
    },
    updateIngressState: async (ingressId, state, signal) => {
      const request = new UpdateIngressStateRequest({ ingressId, state });
      await client.call({ method: methods.updateIngressState, request, signal });
    },
    close: () => client.close(),
  };
}
