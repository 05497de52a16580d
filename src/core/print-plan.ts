import { kindOf, nameOf } from './resource.ts';
import { isEmpty, type Plan, type Step, type Verb } from './step.ts';

/**
 * The plan for people: one line for each resource that changes, with the cause and the losses.
 * `+` created, `~` recreated, changed or reloaded, `>` started, `-` removed, `=` kept and probed again, `?` known once its server
 * runs. Other waits change nothing, so they are not shown.
 *
 *     + network arc_platform_net  (no existing network)
 *     ~ container arc-realtime  (config changed: image; loses 2 rooms, 5 participants)
 *     = container arc-realtime-egress  (asked again for 4 s: realtime is recreated)
 *     ? bucket recordings  (known once arc-storage runs)
 */
export function printPlan(plan: Plan): string {
  if (isEmpty(plan)) return 'nothing to do';
  const onSame = Map.groupBy(plan.steps, ({ on }) => on);
  return plan.steps
    .flatMap((step) => {
      const same = onSame.get(step.on) ?? [];
      const sign = signOf(step, new Set(same.map(({ verb }) => verb)));
      const losses = same.flatMap(({ loses = [] }) => loses.map(({ text }) => text));
      const loss = losses.length === 0 ? '' : `; loses ${losses.join(', ')}`;
      return sign === undefined ? [] : [`${sign} ${describe(step)}  (${step.cause}${loss})`];
    })
    .join('\n');
}

/**
 * Every step, with the numbers of the steps it waits for. Tests compare this text, so that a diff reads as a story.
 *
 *     1 create network arc_platform_net  (no existing network)
 *     2 create container arc-cache  after 1  (no existing container)
 */
export function printSteps(plan: Plan): string {
  const numbers = new Map(plan.steps.map(({ id }, index) => [id, index + 1]));
  return plan.steps
    .map((step, index) => {
      const after = step.after
        .map((id) => numbers.get(id))
        .toSorted((a = 0, b = 0) => a - b)
        .join(', ');
      const what = `${index + 1} ${step.verb} ${describe(step)}`;
      return `${what}${after ? `  after ${after}` : ''}  (${step.cause})`;
    })
    .join('\n');
}

/** `container arc-cache`, `network arc_platform_net`; a volume may have the same name as a container. */
export function describe({ on }: Pick<Step, 'on'>): string {
  return `${kindOf(on)} ${nameOf(on)}`;
}

/** The sign of the one line that stands for all steps on a resource; undefined for its other steps. */
function signOf({ verb }: Step, onSame: ReadonlySet<Verb>): string | undefined {
  switch (verb) {
    case 'create':
      return onSame.has('remove') ? '~' : '+';
    case 'change':
    case 'reload':
      return '~';
    case 'start':
    case 'unpause':
      return onSame.has('create') ? undefined : '>';
    case 'remove':
      return onSame.has('create') ? undefined : '-';
    case 'ask':
      return '=';
    case 'expand':
      return '?';
    case 'stop':
    case 'await':
      return undefined;
    default:
      return verb satisfies never;
  }
}
