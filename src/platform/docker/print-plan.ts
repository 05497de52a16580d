import type { Operation, Plan } from './operation.ts';
import { isEmpty, objectName } from './plan-draft.ts';

/**
 * The plan for people: one line for each object that changes, with the reason.
 * `+` is made, `~` made anew, `>` started, `-` removed, `=` stays as it is and is asked again. Other waits change nothing
 * and are not shown.
 *
 *     + network arc_platform_net  (no existing network)
 *     ~ container arc-cache  (config changed: image)
 *     = container arc-realtime  (asked again for 4 s: cache is recreated)
 */
export function printPlan(plan: Plan): string {
  if (isEmpty(plan)) return 'nothing to do';
  const kinds = new Map<string, Set<Operation['kind']>>();
  for (const operation of plan.operations) {
    const known = kinds.get(fullName(operation));
    if (known) known.add(operation.kind);
    else kinds.set(fullName(operation), new Set([operation.kind]));
  }
  return plan.operations
    .flatMap((operation) => {
      const sign = signOf(operation, kinds.get(fullName(operation)) ?? new Set());
      return sign === undefined ? [] : [`${sign} ${fullName(operation)}  (${operation.cause})`];
    })
    .join('\n');
}

/**
 * Every operation, with what it waits for by number. Tests compare this text, so that a diff reads as a story.
 *
 *     1 create network arc_platform_net  (no existing network)
 *     2 create container arc-cache  after 1  (no existing container)
 */
export function printOperations(plan: Plan): string {
  const numbers = new Map(plan.operations.map(({ id }, index) => [id, index + 1]));
  return plan.operations
    .map((operation, index) => {
      const after = operation.after.map((id) => numbers.get(id) ?? id).join(', ');
      const what = `${index + 1} ${verbOf(operation)} ${fullName(operation)}`;
      return `${what}${after ? `  after ${after}` : ''}  (${operation.cause})`;
    })
    .join('\n');
}

/** `create`, `await` … of an operation. */
export function verbOf({ kind }: Operation): string {
  return kind.slice(0, kind.indexOf('-'));
}

/** `container arc-cache`, `network arc_platform_net`; a volume may have the same name as a container. */
export function fullName(operation: Operation): string {
  const { kind } = operation;
  const thing = kind.startsWith('await-') ? 'container' : kind.slice(kind.lastIndexOf('-') + 1);
  return `${thing} ${objectName(operation)}`;
}

/** The sign of the line that stands for all operations on one object; nothing for the other operations on it. */
function signOf(operation: Operation, onSame: ReadonlySet<Operation['kind']>): string | undefined {
  switch (operation.kind) {
    case 'create-network':
    case 'create-volume':
      return '+';
    case 'create-container':
      return onSame.has('remove-container') ? '~' : '+';
    case 'start-container':
      return onSame.has('create-container') ? undefined : '>';
    case 'unpause-container':
      return '>';
    case 'remove-container':
      return onSame.has('create-container') ? undefined : '-';
    case 'remove-network':
    case 'remove-volume':
    case 'remove-image':
    case 'remove-unnamed-image':
      return '-';
    case 'await-healthy':
      return operation.again ? '=' : undefined;
    case 'stop-container':
    case 'await-completed':
      return undefined;
    default:
      return operation satisfies never;
  }
}
