import type { InsideKind } from '../inside-kind.ts';
import type { Provider } from '../provider.ts';
import { bucketKind } from './bucket/kind.ts';

/** Storage that speaks S3. */
export const s3: Provider = {
  name: 's3',
  // A boot asks no bucket, so that it does not load what signs for one.
  probe: { kind: 's3', ask: async (question) => (await import('./probe.ts')).askBucket(question) },
  inside: [bucketKind as InsideKind],
  objects: {
    read: async (question) => (await import('./read-objects.ts')).readObjects(question),
    remove: async (question) => (await import('./remove-objects.ts')).removeObjects(question),
  },
  losses: async (question) => (await import('./losses.ts')).objectsLost(question),
};
