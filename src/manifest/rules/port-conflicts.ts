import type { Problem } from '../../core/errors.ts';
import { placeOf } from '../build/read.ts';
import type { ContainerPart } from '../build/service.ts';
import type { Draft } from '../draft.ts';
import type { PortManifest } from '../model.ts';
import { formsOf } from './ports.ts';

type Claim = { part: ContainerPart; port: PortManifest; index: number };

const wildcards = new Set(['0.0.0.0', '::']);

/**
 * Two containers on one port of the host, whether or not they are ever booted together: `arc up a b` can name any.
 * Ports that are published under different values of one setting do not meet. A port that is not published meets none,
 * because every container has its own.
 *
 * A sweep over the claims by first port: each is compared with those that are still open on the same address, and
 * on the wildcard addresses, until one is in its way.
 */
export function findPortConflicts(draft: Draft): readonly Problem[] {
  const claims = formsOf(draft).flatMap((part) =>
    part.manifest.ports
      .map((port, index) => ({ part, port, index }))
      .filter(({ port }) => port.publish && port.host.first > 0),
  );
  return (['tcp', 'udp'] as const).flatMap((protocol) =>
    sweep(claims.filter(({ port }) => port.protocol === protocol)),
  );
}

function sweep(claims: readonly Claim[]): readonly Problem[] {
  const problems: Problem[] = [];
  const open = new Map<string, Claim[]>();
  for (const claim of claims.toSorted((a, b) => a.port.host.first - b.port.host.first)) {
    const { bind, host } = claim.port;
    const addresses = wildcards.has(bind) ? [...open.keys()] : [bind, ...wildcards];
    let rival: Claim | undefined;
    for (const address of addresses) {
      const still = (open.get(address) ?? []).filter((other) => other.port.host.last >= host.first);
      open.set(address, still);
      rival ??= still.find((other) => canMeet(claim, other));
    }
    if (rival === undefined) open.set(bind, [...(open.get(bind) ?? []), claim]);
    else problems.push(conflict(claim, rival));
  }
  return problems;
}

/** Whether both are published under some choice of settings and flavours: a container runs in one at a time. */
function canMeet(left: Claim, right: Claim): boolean {
  const [one, other] = [left.part.manifest, right.part.manifest];
  if (one.role === other.role && one !== other) return false;
  return Object.entries(left.port.when).every(
    ([name, value]) => right.port.when[name] === undefined || right.port.when[name] === value,
  );
}

/** Shown at the one that comes later in the files. */
function conflict(one: Claim, other: Claim): Problem {
  const [first, second] = comesFirst(one, other) ? [one, other] : [other, one];
  const { file, line } = first.port.location;
  const shared = Math.max(first.port.host.first, second.port.host.first);
  return {
    code: 'port-conflict',
    message: `${second.part.manifest.name} and ${first.part.manifest.name} both publish ${shared}/${second.port.protocol} on the host; the other is in ${file}:${line}.`,
    suggestion: 'give one of them another `host` port',
    location: placeOf(
      second.part,
      'ports',
      second.index,
      second.port.host === second.port.container ? 'container' : 'host',
    ),
  };
}

function comesFirst(one: Claim, other: Claim): boolean {
  const [a, b] = [one.port.location, other.port.location];
  return a.file === b.file ? a.line < b.line || (a.line === b.line && a.column <= b.column) : a.file < b.file;
}
