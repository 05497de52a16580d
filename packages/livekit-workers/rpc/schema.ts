import { type Message, type MessageType, proto3, ScalarType } from '@bufbuild/protobuf';

/** How the runtime describes a field, without its number and name. */
type Kind = Readonly<Record<string, unknown>>;

/** Field numbers and kinds by field name, as in a `.proto` file, names in its spelling: `{ request_id: [1, text] }`. */
type Fields = Readonly<Record<string, readonly [no: number, kind: Kind]>>;

export const text = { kind: 'scalar', T: ScalarType.STRING } as const;
export const bytes = { kind: 'scalar', T: ScalarType.BYTES } as const;
export const bool = { kind: 'scalar', T: ScalarType.BOOL } as const;
export const int64 = { kind: 'scalar', T: ScalarType.INT64 } as const;
export const float = { kind: 'scalar', T: ScalarType.FLOAT } as const;
export const texts = { ...text, repeated: true } as const;
export const textMap = {
  kind: 'map',
  K: ScalarType.STRING,
  V: { kind: 'scalar', T: ScalarType.STRING },
} as const;
export const message = (T: MessageType): Kind => ({ kind: 'message', T });
/** One of several fields, of which at most one is set: `{ request: { case: 'web', value } }`. */
export const oneOf = (name: string, T: MessageType): Kind => ({ ...message(T), oneof: name });

/**
 * A message type, made at run time. LiveKit publishes no generated code of these messages for JavaScript, and there
 * are few of them, so that a compiler of `.proto` files in the build would be more than what it makes.
 */
export const messageType = <T extends Message<T>>(name: string, fields: Fields): MessageType<T> => {
  const described = Object.entries(fields).map(([field, [no, kind]]) => ({ no, name: field, ...kind }));
  // The runtime's own type of this is not exported, and the constants above are the only kinds there are.
  return proto3.makeMessageType<T>(name, described as never);
};
