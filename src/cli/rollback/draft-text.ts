import type { RollbackDraft } from '../../app/rollback/draft.ts';
import { printPlan } from '../../core/print-plan.ts';
import { shortCommit } from '../../git/source.ts';

/**
 * What a person is asked about:
 *
 *     cache: v0.2.0 → v0.1.0 (commit 0123456789ab)
 *     + image ghcr.io/arc-framework/arc-cache@sha256:…  (not on this Engine)
 *     ~ container arc-cache  (config changed: image)
 */
export function printDraft(draft: RollbackDraft): string {
  const { service, release, from, seen } = draft;
  const now = [...new Set(from.map(({ there, version }) => (there ? (version ?? 'no release') : 'nothing')))];
  return [
    `${service}: ${now.join(', ')} → ${release.version} (commit ${shortCommit(release.revision)})`,
    printPlan(seen.plan),
  ].join('\n');
}
