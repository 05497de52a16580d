import { openSpans } from '../spans/spans.ts';

/** Of this program: a backup is one, and each query of it. One place, as for its output. */
export const spans = openSpans({ service: 'arc-sql-backup' });
