import { consumerLags } from '../../../app/contract/lag.ts';
import { exitStatus } from '../../../core/errors.ts';
import type { Lag, MessageSystemName } from '../../../providers/messages.ts';
import type { Handler } from '../../cli.ts';
import { formatTable } from '../../output/table.ts';

/** Shows how far each consumer and subscription is behind. */
export const lag: Handler<{ on?: MessageSystemName }> = async ({ on }, cli) => {
  const consumers = await consumerLags({ context: cli, on });
  cli.result({ data: { consumers }, text: () => table(consumers, cli.columns) });
  return exitStatus.done;
};

function table(consumers: readonly Lag[], columns: number): string {
  if (consumers.length === 0) return 'There is no consumer and no subscription.';
  return formatTable({
    headings: ['SYSTEM', 'FROM', 'CONSUMER', 'TO COME', 'UNACKNOWLEDGED', 'OLDEST'],
    rows: consumers.map(({ system, from, consumer, pending, unacknowledged, oldestSeconds }) => [
      system,
      from,
      consumer,
      String(pending),
      String(unacknowledged),
      oldestSeconds === undefined ? '' : `${oldestSeconds} s`,
    ]),
    columns,
  });
}
