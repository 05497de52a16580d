import { failed } from '../../core/errors.ts';
import type { Lag, MessageSystemName } from '../../providers/messages.ts';
import type { Context } from '../context.ts';
import { withRunningStack } from '../sql/running-stack.ts';
import { allMessageTools, messageSystems, stopped } from './message-servers.ts';

/**
 * How far each consumer and subscription is behind, on every system that runs or on one.
 *
 * @throws ArcError `not-running` where none of them runs; one that does not is a warning
 */
export function consumerLags(options: {
  context: Context;
  on: MessageSystemName | undefined;
}): Promise<readonly Lag[]> {
  const { context, on } = options;
  return withRunningStack({
    context,
    use: async (found) => {
      const { contracts } = found.stack;
      const systems = messageSystems({ context, found });
      const used = allMessageTools.filter(({ system, has }) =>
        on === undefined ? contracts.messages.some(has) : system === on,
      );
      const asked = used.map((tools) => ({ tools, system: systems.find((one) => one.tools === tools) }));
      const running = asked.flatMap(({ system }) => (system?.isRunning === true ? [system] : []));
      const away = asked
        .filter(({ system }) => system?.isRunning !== true)
        .map(({ tools, system }) => stopped({ system: tools.system, role: system?.role }));
      const [first] = away;
      if (running.length === 0 && first !== undefined) throw failed(first);
      for (const problem of away) context.emit({ type: 'warning', problem });
      const lags = running.map(({ tools, at }) => at((server) => tools.lag({ ...server, contracts })));
      return (await Promise.all(lags)).flat();
    },
  });
}
