/**
 * Whether a registry does not let a login do something. The Engine and BuildKit pass on words of the registry, and
 * have some of their own for a login that is missing.
 */
export function isRefusal(reason: string): boolean {
  return /\b(unauthorized|authentication required|denied|no basic auth credentials|insufficient_scope|403 Forbidden)\b/i.test(
    reason,
  );
}
