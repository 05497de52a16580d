import type { Decider, Decision } from '../core/driver.ts';
import { type Address, kindOf, type Seen } from '../core/resource.ts';

/** Something that arc made inside a server and that nothing declares any more. */
export type Leftover = {
  address: Address;
  /** What goes with it, in words; empty if nothing does. */
  lost: string;
  /** It is lost with a person's consent, or loses nothing. */
  goes: boolean;
};

/**
 * What arc may remove of what was seen, what is within others first. What somebody else made is not part of it. Pure.
 *
 * @param options.seen kinds that hold others come before those
 * @param options.lose addresses whose data a person agrees to lose
 */
export function leftoversIn(options: {
  seen: ReadonlyMap<Address, Seen>;
  declared: ReadonlySet<Address>;
  deciders: ReadonlyMap<string, Decider>;
  lose: readonly string[];
}): readonly Leftover[] {
  const { seen, declared, deciders, lose } = options;
  const found: Leftover[] = [];
  const going = new Set<Address>();
  // What is declared stays, in whatever way; nothing is known of the rest.
  const decided = (address: Address): Decision | undefined => {
    if (declared.has(address)) return { kind: 'keep' };
    return going.has(address) ? { kind: 'delete', cause: '', event: '' } : undefined;
  };
  for (const [address, one] of [...seen].toReversed()) {
    if (declared.has(address)) continue;
    const decider = deciders.get(kindOf(address));
    const decision = decider?.decide({ address, wanted: undefined, seen: one, decided });
    if (decision?.kind !== 'delete') continue;
    const lost = (decision.loses ?? []).map(({ text }) => text).join(', ');
    const goes = lost === '' || lose.includes(address);
    if (goes) going.add(address);
    found.push({ address, lost, goes });
  }
  return found;
}
