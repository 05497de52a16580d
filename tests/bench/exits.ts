import { execa } from 'execa';

/**
 * Counts from now on with which exit codes containers end: `{ 0: 36 }` when each was stopped by its own signal handler.
 *
 * @param names of the containers
 */
export function watchExits(names: readonly string[]): {
  end: () => Promise<Readonly<Record<string, number>>>;
} {
  const filters = ['event=die', ...names.map((name) => `container=${name}`)];
  const events = execa(
    'docker',
    [
      'events',
      ...filters.flatMap((filter) => ['--filter', filter]),
      '--format',
      '{{.Actor.Attributes.exitCode}}',
    ],
    { reject: false },
  );
  return {
    end: async () => {
      events.kill();
      const { stdout } = await events;
      const counts: Record<string, number> = {};
      for (const code of stdout.split('\n').filter(Boolean)) counts[code] = (counts[code] ?? 0) + 1;
      return counts;
    },
  };
}
