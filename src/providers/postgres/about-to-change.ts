import type { Case } from '../../core/driver.ts';
import type { Address } from '../../core/resource.ts';

/** Whether what a resource makes is not there yet. */
export function isAboutToChange(address: Address, decided: Case<unknown, unknown>['decided']): boolean {
  const kind = decided(address)?.kind;
  return kind === 'create' || kind === 'change';
}
