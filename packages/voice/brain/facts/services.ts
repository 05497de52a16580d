import type { Facts, ServiceFact } from './facts.ts';

/**
 * How the services are: as their heartbeats say, and where there is none as their metrics do.
 *
 * @param options.heard the services by their heartbeats, undefined until everybody had time to send one; absent in a stack
 *   without NATS
 * @param options.targets the services by their metrics; absent in a stack without Prometheus
 */
export function serviceFacts(options: {
  heard: (() => readonly ServiceFact[] | undefined) | undefined;
  targets: (() => Promise<readonly ServiceFact[]>) | undefined;
}): Facts['services'] {
  const { heard, targets } = options;
  return async () => {
    const measured = await targets?.().catch(() => undefined);
    const reported = heard?.();
    if (measured === undefined && reported === undefined) return undefined;
    const names = new Set(reported?.map(({ name }) => name));
    const all = [...(reported ?? []), ...(measured ?? []).filter(({ name }) => !names.has(name))];
    return { all, gap: gap() };

    function gap() {
      if (targets === undefined) return 'no-metrics';
      if (measured === undefined) return 'metrics-away';
      return heard !== undefined && reported === undefined ? 'heartbeats-not-yet' : undefined;
    }
  };
}
