import type { Tally } from './tally.ts';

type Family = {
  name: string;
  help: string;
  type: 'counter' | 'gauge';
  samples: readonly (readonly [labels: Readonly<Record<string, string>>, value: number])[];
};

/** What was heard, in the text format of Prometheus. */
export function metricsText(facts: { tally: Tally; isConnected: boolean; heartbeats: number }): string {
  const { tally, isConnected, heartbeats } = facts;
  const by = (name: string, counts: ReadonlyMap<string, number>): Family['samples'] =>
    Array.from(counts, ([key, value]) => [{ [name]: key }, value] as const);
  const families: readonly Family[] = [
    {
      name: 'arc_watcher_messages_total',
      help: 'Messages heard on subjects of contracts.',
      type: 'counter',
      samples: by('subject', tally.messages),
    },
    {
      name: 'arc_watcher_violations_total',
      help: 'Messages that break their contract, by what is broken.',
      type: 'counter',
      samples: Array.from(tally.violations, ([key, value]) => {
        const [subject = '', reason = ''] = key.split(' ');
        return [{ subject, reason }, value] as const;
      }),
    },
    {
      name: 'arc_watcher_undeclared_total',
      help: 'Messages on subjects that no contract has.',
      type: 'counter',
      samples: by('domain', tally.undeclared),
    },
    {
      // There from the start, with 0: whoever reads metrics sees the first one as an increase, and a count from before
      // their own start as none.
      name: 'arc_watcher_broken_total',
      help: 'Messages that break their contract or that no contract has.',
      type: 'counter',
      samples: [[{}, sumOf(tally.violations) + sumOf(tally.undeclared)]],
    },
    {
      name: 'arc_watcher_dead_letters_total',
      help: 'Dead letters, by the subject that they were meant for.',
      type: 'counter',
      samples: by('subject', tally.dead),
    },
    {
      name: 'arc_watcher_heartbeats_total',
      help: 'Heartbeats sent, for itself and for others.',
      type: 'counter',
      samples: [[{}, heartbeats]],
    },
    {
      name: 'arc_watcher_connected',
      help: 'Whether there is a connection to NATS.',
      type: 'gauge',
      samples: [[{}, isConnected ? 1 : 0]],
    },
  ];
  return families
    .map(({ name, help, type, samples }) =>
      [
        `# HELP ${name} ${help}`,
        `# TYPE ${name} ${type}`,
        ...samples.map(([labels, value]) => `${name}${labelText(labels)} ${value}`),
        '',
      ].join('\n'),
    )
    .join('');
}

function sumOf(counts: ReadonlyMap<string, number>): number {
  return [...counts.values()].reduce((sum, count) => sum + count, 0);
}

/** Subjects have no character that needs an escape. */
function labelText(labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${value}"`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}
