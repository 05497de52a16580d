import type { Data } from './data.ts';
import { defined } from './defined.ts';

/** A message of a contract, from `arc contract tail` and `replay`. */
export type MessageEvent = {
  type: 'message';
  /** `nats` */
  system: string;
  /** Subject or topic. */
  subject: string;
  /** Its name in the contracts; absent if no contract has it. */
  message?: string;
  headers: Readonly<Record<string, string>>;
  /** Text where it is not JSON. */
  body: Data;
  /** In what it breaks its contract; empty if it does not. */
  violations: readonly { pointer: string; message: string }[];
  /** When the server took it, where that is known; ISO 8601. */
  time?: string;
};

export function messageEvent(
  event: Omit<MessageEvent, 'type' | 'message' | 'time'> & {
    message: string | undefined;
    time: string | undefined;
  },
): MessageEvent {
  const { message, time, ...rest } = event;
  return { type: 'message', ...rest, ...defined({ message, time }) };
}
