import { textField } from '../../core/data.ts';
import type { Stack } from '../../stack/model.ts';
import { type Finding, missing, ok, skipped, warning } from '../check.ts';
import { type PublicSituation, toldAddresses } from './situation.ts';

/** Whether the DNS leads to this machine from the names of the stack's routes. */
export async function examineNames(situation: PublicSituation): Promise<readonly Finding[]> {
  const names = namesOf(situation.stack);
  const findings = await Promise.all(
    names.map(async (name) => judge({ name, situation, addresses: await situation.outside.resolve(name) })),
  );
  return findings.flat();
}

/** Of routes to containers of the stack: a front door checks them (`route` probes). */
function namesOf({ containers }: Pick<Stack, 'containers'>): readonly string[] {
  const roles = new Set(containers.map(({ role }) => role));
  const names = containers.flatMap(({ checks }) =>
    checks.flatMap(({ probe, needs }) => {
      if (probe.kind !== 'route' || probe.at === undefined || !needs.every((role) => roles.has(role)))
        return [];
      return [`${textField(probe.fields, 'host')}.${textField(probe.fields, 'domain')}`];
    }),
  );
  return [...new Set(names)].sort();
}

function judge(options: {
  name: string;
  addresses: Awaited<ReturnType<PublicSituation['outside']['resolve']>>;
  situation: PublicSituation;
}): readonly Finding[] {
  const { name, addresses, situation } = options;
  const { outside, engineAddress } = situation;
  const told = toldAddresses(situation).map(({ address }) => address);
  if (addresses === 'silent')
    return skipped(`not tried: where ${name} leads, for no server of names answers`);
  if (addresses.length === 0)
    return missing({
      code: 'name-not-found',
      message: `${name} is not in the DNS.`,
      suggestion: `add a record for it${told[0] === undefined ? '' : `, such as A ${told[0]}`}, and set \`domain\` to one that is yours`,
    });
  const here = new Set([
    ...outside.addresses(),
    ...told,
    ...(engineAddress === undefined ? [] : [engineAddress]),
  ]);
  const elsewhere = addresses.filter((address) => !here.has(address));
  if (elsewhere.length === 0) return ok(`${name} leads to ${addresses.join(' and ')}, which is this machine`);
  return warning({
    code: 'name-elsewhere',
    message: `${name} leads to ${elsewhere.join(' and ')}, which is no address of this machine.`,
    suggestion: 'right where something with that address forwards to this machine',
  });
}
