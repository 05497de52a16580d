import type { Problem } from '../../core/errors.ts';
import type { ConfiguredServer } from '../provider.ts';

/** What Docker gives a container as /dev/shm unless told otherwise. */
const dockersShm = 64 * 1024 ** 2;

/** PostgreSQL's default of `maintenance_work_mem`, and a number without a unit is kB. */
const defaultMemory = 64 * 1024 ** 2;

const unitBytes: Readonly<Record<string, number>> = {
  kB: 1024,
  MB: 1024 ** 2,
  GB: 1024 ** 3,
  TB: 1024 ** 4,
};

/**
 * A parallel build of an index takes up to `maintenance_work_mem` from /dev/shm. Where that is no larger, the build
 * fails with "could not resize shared memory segment", months after the first rows. Pure.
 */
export function sharedMemoryProblems({
  name,
  role,
  shm = dockersShm,
  files,
}: ConfiguredServer): readonly Problem[] {
  return files
    .filter(({ path }) => path.endsWith('postgresql.conf'))
    .flatMap(({ path, text }): readonly Problem[] => {
      const { bytes, line, column } = maintenanceMemory(text);
      if (shm > bytes) return [];
      return [
        {
          code: 'shm-too-small',
          message: `${name} has ${megabytes(shm)} of shared memory, and PostgreSQL may take ${megabytes(bytes)} of it to build an index (maintenance_work_mem).`,
          suggestion: `raise \`resources.shm\` of ${role}, or lower maintenance_work_mem`,
          location: { file: path, line, column },
        },
      ];
    });
}

/** The last line that sets it counts. */
function maintenanceMemory(text: string): { bytes: number; line: number; column: number } {
  const lines = text.split('\n');
  const setting = /^(\s*)maintenance_work_mem(?:\s*=\s*|\s+)'?(\d+)\s*([kMGT]B)?/i;
  const index = lines.findLastIndex((line) => setting.test(line));
  const [, indent = '', amount, unit = 'kB'] = setting.exec(lines[index] ?? '') ?? [];
  if (amount === undefined) return { bytes: defaultMemory, line: 1, column: 1 };
  return { bytes: Number(amount) * (unitBytes[unit] ?? 1024), line: index + 1, column: indent.length + 1 };
}

/** As both files write it: `128 MB` of 1,048,576 bytes each. */
function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1024 ** 2).toLocaleString('en')} MB`;
}
