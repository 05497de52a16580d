/** One family of samples in Prometheus' text format. */
export type Family = {
  name: string;
  help: string;
  kind: 'counter' | 'gauge';
  samples: readonly { labels?: Readonly<Record<string, string>>; value: number }[];
};

export function metricsText(families: readonly Family[]): string {
  return families
    .map(({ name, help, kind, samples }) =>
      [
        `# HELP ${name} ${help}`,
        `# TYPE ${name} ${kind}`,
        ...samples.map(({ labels = {}, value }) => `${name}${labelsText(labels)} ${value}`),
        '',
      ].join('\n'),
    )
    .join('');
}

/** Labels are names of events and outcomes of this program: no value needs to be escaped but those with a quote. */
function labelsText(labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}

/** A counter with one label. */
export type Counter = {
  add: (label: string) => void;
  of: (label: string) => number;
  all: () => ReadonlyMap<string, number>;
  total: () => number;
};

/** @param labels that are shown as 0 before anything was counted */
export function counter(labels: readonly string[] = []): Counter {
  const counts = new Map<string, number>(labels.map((label) => [label, 0]));
  const of = (label: string): number => counts.get(label) ?? 0;
  return {
    add: (label) => void counts.set(label, of(label) + 1),
    of,
    all: () => counts,
    total: () => [...counts.values()].reduce((sum, count) => sum + count, 0),
  };
}
