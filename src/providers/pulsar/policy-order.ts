import type { Policies, Policy } from './policy.ts';

/** The policies that Pulsar compares with each other, each time that one is set. */
const compared = ['retention', 'backlog_size', 'backlog_time'] as const satisfies readonly Policy[];

type Compared = Pick<Policies, (typeof compared)[number]>;

/**
 * Whether Pulsar takes a backlog beside a retention (`AdminResource.checkBacklogQuota` of 4.0): a limit of the backlog
 * has to be below the retention's, where that has one and keeps anything at all.
 */
export function isRetentionEnough({ retention, backlog_size, backlog_time }: Compared): boolean {
  if (retention === undefined || retention.megabytes === 0 || retention.minutes === 0) return true;
  const fits = (limit: number | undefined, kept: number): boolean =>
    limit === undefined || limit <= 0 || kept < 0 || limit < kept;
  return (
    fits(backlog_size?.limit, retention.megabytes * 2 ** 20) &&
    fits(backlog_time?.limit, retention.minutes * 60)
  );
}

/**
 * The order in which policies are set, so that Pulsar takes each: what grows begins with the retention, what shrinks
 * with the backlog. Pure.
 *
 * @param options.before what the server has
 * @param options.after what it is to have; `isRetentionEnough`
 * @param options.changed the policies that differ
 */
export function policyOrder(options: {
  before: Policies;
  after: Policies;
  changed: readonly Policy[];
}): readonly Policy[] {
  const { before, after, changed } = options;
  const first = compared.filter((name) => changed.includes(name));
  const rest = changed.filter((name) => !first.some((one) => one === name));
  const order = permutations(first).find((names) => isTaken({ before, after, names })) ?? first;
  return [...order, ...rest];
}

function isTaken(options: { before: Policies; after: Policies; names: readonly Policy[] }): boolean {
  const { before, after, names } = options;
  let now: Policies = before;
  return names.every((name) => {
    now = { ...now, [name]: after[name] };
    return isRetentionEnough(now);
  });
}

/** At most six. */
function permutations<Item>(items: readonly Item[]): readonly (readonly Item[])[] {
  if (items.length <= 1) return [items];
  return items.flatMap((item, index) =>
    permutations(items.toSpliced(index, 1)).map((others) => [item, ...others]),
  );
}
