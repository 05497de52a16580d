import type { Operation, OperationAction, Plan } from './operation.ts';

/** A plan in the making. */
export type PlanDraft = {
  /**
   * Adds one operation and gives its id. What it waits for must have been added before; what is not part of the
   * plan (`undefined`) need not be waited for.
   */
  add: (action: OperationAction, options: { cause: string; after?: Iterable<string | undefined> }) => string;
  finish: () => Plan;
};

export function draftPlan(project: string): PlanDraft {
  const operations: Operation[] = [];
  return {
    add: (action, { cause, after = [] }) => {
      const id = `${action.kind}:${objectName(action)}`;
      const waits = new Set([...after].filter((other) => other !== undefined));
      operations.push({ ...action, id, after: [...waits], cause });
      return id;
    },
    finish: () => ({ project, operations }),
  };
}

/** What an operation is about, by the name that people know: `arc-cache`, `arc_platform_net`. */
export function objectName(action: OperationAction): string {
  switch (action.kind) {
    case 'create-network':
    case 'remove-network':
      return action.network;
    case 'create-volume':
    case 'remove-volume':
      return action.volume;
    case 'create-container':
    case 'await-healthy':
    case 'await-completed':
      return action.container.name;
    case 'start-container':
    case 'unpause-container':
    case 'stop-container':
    case 'remove-container':
      return action.name;
    case 'remove-image':
      return action.reference;
    case 'remove-unnamed-image':
      // As much of it as the Engine's own tools show.
      return action.imageId.replace('sha256:', '').slice(0, 12);
    default:
      return action satisfies never;
  }
}

/** Whether an operation changes something on the Engine; a wait does not. */
export function isChange({ kind }: OperationAction): boolean {
  return kind !== 'await-healthy' && kind !== 'await-completed';
}

/** Whether everything is already as the plan wants it. Waits may be left, which make sure that it is healthy too. */
export function isEmpty(plan: Plan): boolean {
  return !plan.operations.some(isChange);
}
