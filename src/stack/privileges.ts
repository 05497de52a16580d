import type { ResolvedContainer } from './model.ts';

/**
 * Whether what runs in a container may get more rights than its user has, by a set-uid program or by capabilities of
 * a file. Only where its manifest adds capabilities: a user that is not root cannot use them in any other way
 * (Chrome's sandbox in egress is such a program). For all others Linux refuses it.
 */
export function mayGainPrivileges({ capAdd }: Pick<ResolvedContainer, 'capAdd'>): boolean {
  return capAdd.length > 0;
}
