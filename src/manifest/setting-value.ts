import type { SettingManifest } from './model.ts';
import { either } from './words.ts';

/** Values of an address setting that stand for an address to be found on this machine. */
export const addressModes = ['lan', 'public'] as const;
export type AddressMode = (typeof addressModes)[number];

export function isAddressMode(value: string): value is AddressMode {
  return addressModes.some((mode) => mode === value);
}

/** Whether a value is allowed for a setting, whoever chooses it. */
export function isAllowed(setting: SettingManifest, value: string): boolean {
  const { values, range, kind } = setting;
  if (values !== undefined) return values.includes(value);
  if (range !== undefined) return isWhole(value) && Number(value) >= range.min && Number(value) <= range.max;
  switch (kind) {
    case 'address':
      return isAddressMode(value) || isAddress(value);
    case 'domain':
      return isDomain(value);
    case 'text':
      return true;
  }
}

/** What a setting may have, to be said after "it takes". */
export function allowedValues({ values, range, kind }: SettingManifest): string {
  if (values !== undefined) return either(values);
  if (range !== undefined) return `a whole number from ${range.min} to ${range.max}`;
  switch (kind) {
    case 'address':
      return 'an IP address, lan or public';
    case 'domain':
      return 'the name of a domain, such as arc.local';
    case 'text':
      return 'any text';
  }
}

/** As people write it: programs disagree about 007, 1e3 and +1. */
function isWhole(value: string): boolean {
  return /^(0|-?[1-9]\d{0,14})$/.test(value);
}

/** Asked of the parser of URLs, which is there at once; the module `node:net` would have to be loaded by each command. */
function isAddress(value: string): boolean {
  if (value.includes(':')) return URL.canParse(`http://[${value}]`);
  const url = `http://${value}`;
  // 010.0.0.1 is another address to the parser.
  return /^(\d+\.){3}\d+$/.test(value) && URL.canParse(url) && new URL(url).hostname === value;
}

/** As the schema of manifests has host names. */
function isDomain(value: string): boolean {
  return (
    value.length <= 253 && /^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/.test(value)
  );
}
