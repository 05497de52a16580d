import { addressKind } from '../../host/address-kind.ts';
import { type Finding, missing, ok, skipped, warning } from '../check.ts';
import { type PublicSituation, toldAddresses } from './situation.ts';

/** Whether the addresses that clients are told lead here from elsewhere. */
export async function examineAddresses(situation: PublicSituation): Promise<readonly Finding[]> {
  const told = toldAddresses(situation);
  if (told.length === 0) return [];
  const seen = await situation.outside.seen();
  const own = new Set(situation.outside.addresses());
  return [
    ...told.flatMap(({ setting, address }) => judge({ setting, address, seen, own, situation })),
    ...(seen === undefined
      ? skipped('not known: the address that others see this machine at, for no STUN server answers')
      : []),
  ];
}

function judge(options: {
  setting: string;
  address: string;
  seen: string | undefined;
  own: ReadonlySet<string>;
  situation: PublicSituation;
}): readonly Finding[] {
  const { setting, address, seen, own, situation } = options;
  const told = `clients are told ${address} (${setting})`;
  const suggestion = `name one that leads here: --set ${setting}=${seen ?? 'public'}`;
  switch (addressKind(address)) {
    case 'loopback':
      return missing({
        code: 'address-not-public',
        message: `Nobody elsewhere gets media: ${told}, which is each client's own machine.`,
        suggestion,
      });
    case 'private':
      return warning({
        code: 'address-not-public',
        message: `Only clients of the same network get media: ${told}, a private address.`,
        suggestion,
      });
    case 'public': {
      const isHere = own.has(address) || address === situation.engineAddress;
      if (isHere) return ok(`${told}, a public address of this machine`);
      if (address === seen)
        return warning({
          code: 'address-behind-nat',
          message: `This machine is behind NAT: ${told}, and others see it there, but no interface has that address.`,
          suggestion: 'whatever has that address has to forward the ports below to this machine',
        });
      return warning({
        code: 'address-behind-nat',
        message: `${told.replace('clients', 'Clients')}, which is no address of this machine${seen === undefined ? '' : `; others see it at ${seen}`}.`,
        suggestion: 'right where something with that address forwards the ports below',
      });
    }
  }
}
