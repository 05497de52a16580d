import type { Finding } from '../check.ts';
import type { CheckedFinding } from '../examine.ts';
import { examineAddresses } from './addresses.ts';
import { examineNames } from './names.ts';
import { examinePorts, notTried } from './ports.ts';
import type { PublicSituation } from './situation.ts';

/** Everything that `arc doctor --public` looks at, in the order in which it is shown. */
const checks: readonly {
  id: string;
  examine: (situation: PublicSituation) => readonly Finding[] | Promise<readonly Finding[]>;
}[] = [
  { id: 'public-address', examine: examineAddresses },
  { id: 'public-name', examine: examineNames },
  { id: 'public-port', examine: examinePorts },
  { id: 'public-not-tried', examine: notTried },
];

/** What others can reach of a stack, as far as this machine can tell, and what it cannot tell. */
export async function examinePublic(situation: PublicSituation): Promise<readonly CheckedFinding[]> {
  const found = await Promise.all(
    checks.map(async ({ id, examine }) =>
      (await examine(situation)).map((finding) => ({ ...finding, check: id })),
    ),
  );
  return found.flat();
}
