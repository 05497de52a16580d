import type { Message, MessageType } from '@bufbuild/protobuf';
import { Empty } from '@bufbuild/protobuf';
import {
  DeleteIngressRequest,
  EgressInfo,
  IngressInfo,
  IngressState,
  ListEgressRequest,
  ListEgressResponse,
  StopEgressRequest,
  UpdateIngressRequest,
  UpdateStreamRequest,
} from '@livekit/protocol';
import {
  GetEgressRequest,
  GetIngressInfoRequest,
  GetIngressInfoResponse,
  ListActiveEgressRequest,
  ListActiveEgressResponse,
  ListActiveIngressRequest,
  ListActiveIngressResponse,
  StartEgressRequest,
  StartIngressRequest,
  UpdateIngressStateRequest,
} from './messages.ts';

/** A method of a service, and how a server of it is found. */
export type Method<I extends Message<I>, O extends Message<O>> = {
  service: string;
  method: string;
  input: MessageType<I>;
  output: MessageType<O>;
  /** Servers offer, the client chooses one. Without it every server handles the request. */
  claim: boolean;
  /** Servers agree among themselves, before that, which of them handles a request. */
  queue: boolean;
};

/** One of many servers, chosen by how well it suits. */
const chosen = { claim: true, queue: false };
/** The one server that has the job, or any server. */
const queued = { claim: true, queue: true };
/** All servers. */
const everybody = { claim: false, queue: false };

const service =
  (name: string) =>
  <I extends Message<I>, O extends Message<O>>(
    method: string,
    input: MessageType<I>,
    output: MessageType<O>,
    kind: { claim: boolean; queue: boolean },
  ): Method<I, O> => ({ service: name, method, input, output, ...kind });

const ioInfo = service('IOInfo');
const egress = service('EgressInternal');
const egressHandler = service('EgressHandler');
const ingress = service('IngressInternal');
const ingressHandler = service('IngressHandler');

/** The methods of livekit/protocol's `rpc` package (1.50.5, that of livekit-server 1.13.5) between a server and its workers. */
export const methods = {
  /** Served by livekit-server, for workers. */
  createEgress: ioInfo('CreateEgress', EgressInfo, Empty, queued),
  updateEgress: ioInfo('UpdateEgress', EgressInfo, Empty, queued),
  getEgress: ioInfo('GetEgress', GetEgressRequest, EgressInfo, queued),
  listEgress: ioInfo('ListEgress', ListEgressRequest, ListEgressResponse, queued),
  createIngress: ioInfo('CreateIngress', IngressInfo, Empty, queued),
  getIngressInfo: ioInfo('GetIngressInfo', GetIngressInfoRequest, GetIngressInfoResponse, queued),
  updateIngressState: ioInfo('UpdateIngressState', UpdateIngressStateRequest, Empty, queued),

  /** Served by workers, for the server: without a topic, or with that of a group of workers. */
  startEgress: egress('StartEgress', StartEgressRequest, EgressInfo, chosen),
  listActiveEgress: egress('ListActiveEgress', ListActiveEgressRequest, ListActiveEgressResponse, everybody),
  startIngress: ingress('StartIngress', StartIngressRequest, IngressInfo, chosen),
  listActiveIngress: ingress(
    'ListActiveIngress',
    ListActiveIngressRequest,
    ListActiveIngressResponse,
    everybody,
  ),

  /** The topic is the id of the job. */
  stopEgress: egressHandler('StopEgress', StopEgressRequest, EgressInfo, queued),
  updateStream: egressHandler('UpdateStream', UpdateStreamRequest, EgressInfo, queued),
  updateIngress: ingressHandler('UpdateIngress', UpdateIngressRequest, IngressState, queued),
  deleteIngress: ingressHandler('DeleteIngress', DeleteIngressRequest, IngressState, queued),
};
