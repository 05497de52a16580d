import type { Status } from '@nats-io/transport-node';
import { type Refused, refusalOf } from './dial.ts';

/**
 * Tells what becomes of a connection that was made, until it is closed. A refusal is over once the server takes the key,
 * or an attempt meets something else, such as a server that is away.
 *
 * @param options.statuses of the connection
 * @param options.onChange whether the server can be reached
 */
export async function reportStatus(options: {
  statuses: AsyncIterable<Status>;
  role: string;
  report: (problem: Error) => void;
  refused: Refused | undefined;
  onChange: (isConnected: boolean) => void;
}): Promise<void> {
  const { statuses, role, report, refused, onChange } = options;
  /** Whether the attempt to connect that is made now, or the last one, was refused. */
  let isRefused = false;
  for await (const status of statuses) {
    if (status.type === 'error') {
      const refusal = refusalOf({ role, cause: status.error });
      if (refusal !== undefined) {
        isRefused = true;
        refused?.(refusal);
      }
      report(refusal ?? status.error);
    }
    if (status.type === 'disconnect') {
      onChange(false);
      report(new Error(`The connection to ${status.server} is lost.`));
    }
    if (status.type === 'reconnecting') {
      // Only the end of an attempt tells that it was not refused: the next one begins.
      if (!isRefused) refused?.(undefined);
      isRefused = false;
    }
    if (status.type === 'reconnect') {
      onChange(true);
      isRefused = false;
      refused?.(undefined);
    }
    if (status.type === 'slowConsumer') report(new Error('Messages arrive faster than they are handled.'));
  }
}
