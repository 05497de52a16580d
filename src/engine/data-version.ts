import type { Problem } from '../errors.ts';
import type { ResolvedContainer } from '../stack/model.ts';

/** What programs say of data that a newer version of them has written. */
const refusals: readonly RegExp[] = [
  // Redis, rdb.c: 7.0 reads format 10, 7.2 reads 11, 7.4 reads 12.
  /Can't handle RDB format version \d+/i,
  // MinIO, format-erasure.go and xl-storage-format-v2.go.
  /unknown xl (?:meta|header) version|Unsupported backend format/i,
];

/**
 * A container that ended because its data is of a newer version than its program: the registry's base and the one of a
 * recipe need not have the same, and neither need a release that somebody went back to.
 *
 * @param options.log lines of its last run
 */
export function newerData(options: {
  container: Pick<ResolvedContainer, 'name' | 'role' | 'volumes'>;
  log: readonly string[];
}): Problem | undefined {
  const { container, log } = options;
  const { name, role, volumes } = container;
  const words = log.find((line) => refusals.some((pattern) => pattern.test(line)));
  if (words === undefined) return undefined;
  const data = volumes.map(({ volume }) => volume).join(', ');
  return {
    code: 'data-too-new',
    message: `The data in ${data} was written by a newer version than the one in ${name}.`,
    detail: [words],
    suggestion: `boot the version that wrote it (arc up ${role} --bases registry, if that was the upstream's image); arc clean ${role} begins without that data`,
  };
}
