import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/** The services of a workspace: the folders in `services/`, in order. */
export function serviceRoles(root: string): readonly string[] {
  return readdirSync(join(root, 'services'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();
}
