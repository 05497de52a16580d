import type { Message, MessageType } from '@bufbuild/protobuf';
import {
  StartEgressRequest as AnyEgressRequest,
  IngressInfo,
  IngressState,
  ParticipantEgressRequest,
  RoomCompositeEgressRequest,
  TrackCompositeEgressRequest,
  TrackEgressRequest,
  WebEgressRequest,
} from '@livekit/protocol';
import { message, messageType, oneOf, text, textMap, texts } from './schema.ts';

// The `rpc.*` messages of livekit/protocol 1.50.5 that pass between a server and its workers, with the fields that the
// embedded workers use; a field that is not named here is skipped.

export interface GetEgressRequest extends Message<GetEgressRequest> {
  egressId: string;
}
export const GetEgressRequest: MessageType<GetEgressRequest> = messageType('rpc.GetEgressRequest', {
  egress_id: [1, text],
});

/** Asks by one of the two. */
export interface GetIngressInfoRequest extends Message<GetIngressInfoRequest> {
  ingressId: string;
  streamKey: string;
}
export const GetIngressInfoRequest: MessageType<GetIngressInfoRequest> = messageType(
  'rpc.GetIngressInfoRequest',
  { ingress_id: [1, text], stream_key: [2, text] },
);

/** A server of one's own fills in the info alone: the worker mints its token, and knows its URL. */
export interface GetIngressInfoResponse extends Message<GetIngressInfoResponse> {
  info?: IngressInfo;
  token: string;
  wsUrl: string;
}
export const GetIngressInfoResponse: MessageType<GetIngressInfoResponse> = messageType(
  'rpc.GetIngressInfoResponse',
  { info: [1, message(IngressInfo)], token: [2, text], ws_url: [3, text] },
);

export interface UpdateIngressStateRequest extends Message<UpdateIngressStateRequest> {
  ingressId: string;
  state?: IngressState;
}
export const UpdateIngressStateRequest: MessageType<UpdateIngressStateRequest> = messageType(
  'rpc.UpdateIngressStateRequest',
  { ingress_id: [1, text], state: [2, message(IngressState)] },
);

/** What to record is one of the requests of the public API, the room's name in it. `egress` is the newest, which can say all of the others. */
export type EgressJob =
  | { case: 'roomComposite'; value: RoomCompositeEgressRequest }
  | { case: 'trackComposite'; value: TrackCompositeEgressRequest }
  | { case: 'track'; value: TrackEgressRequest }
  | { case: 'web'; value: WebEgressRequest }
  | { case: 'participant'; value: ParticipantEgressRequest }
  | { case: 'egress'; value: AnyEgressRequest };

export interface StartEgressRequest extends Message<StartEgressRequest> {
  egressId: string;
  roomId: string;
  token: string;
  wsUrl: string;
  /** Absent: a kind of request that is not known here, such as a replay. */
  request: EgressJob | { case: undefined; value?: undefined };
}
export const StartEgressRequest: MessageType<StartEgressRequest> = messageType('rpc.StartEgressRequest', {
  egress_id: [1, text],
  room_id: [3, text],
  room_composite: [5, oneOf('request', RoomCompositeEgressRequest)],
  track_composite: [6, oneOf('request', TrackCompositeEgressRequest)],
  track: [7, oneOf('request', TrackEgressRequest)],
  token: [8, text],
  ws_url: [9, text],
  web: [11, oneOf('request', WebEgressRequest)],
  participant: [13, oneOf('request', ParticipantEgressRequest)],
  egress: [16, oneOf('request', AnyEgressRequest)],
});

export interface ListActiveEgressRequest extends Message<ListActiveEgressRequest> {}
export const ListActiveEgressRequest: MessageType<ListActiveEgressRequest> = messageType(
  'rpc.ListActiveEgressRequest',
  {},
);

export interface ListActiveEgressResponse extends Message<ListActiveEgressResponse> {
  egressIds: string[];
}
export const ListActiveEgressResponse: MessageType<ListActiveEgressResponse> = messageType(
  'rpc.ListActiveEgressResponse',
  { egress_ids: [1, texts] },
);

export interface StartIngressRequest extends Message<StartIngressRequest> {
  info?: IngressInfo;
  token: string;
  wsUrl: string;
  loggingFields: Record<string, string>;
}
export const StartIngressRequest: MessageType<StartIngressRequest> = messageType('rpc.StartIngressRequest', {
  info: [1, message(IngressInfo)],
  token: [2, text],
  ws_url: [3, text],
  logging_fields: [4, textMap],
});

export interface ListActiveIngressRequest extends Message<ListActiveIngressRequest> {}
export const ListActiveIngressRequest: MessageType<ListActiveIngressRequest> = messageType(
  'rpc.ListActiveIngressRequest',
  {},
);

export interface ListActiveIngressResponse extends Message<ListActiveIngressResponse> {
  ingressIds: string[];
}
export const ListActiveIngressResponse: MessageType<ListActiveIngressResponse> = messageType(
  'rpc.ListActiveIngressResponse',
  { ingress_ids: [1, texts] },
);
