import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The folder of arc's package: that of its sources, or where it is installed. */
export function findPackageRoot(): string {
  let folder = import.meta.dirname;
  while (!existsSync(join(folder, 'services', 'profiles.yaml'))) {
    if (dirname(folder) === folder) throw new Error('the built-in services are missing from the package');
    folder = dirname(folder);
  }
  return folder;
}
