import { expect, test } from 'vitest';
import type { SettingManifest } from './model.ts';
import { allowedValues, isAllowed } from './setting-value.ts';

const location = { file: 'services/a/service.yaml', line: 1, column: 1 };
const setting = (own: Partial<SettingManifest>): SettingManifest => ({
  description: 'X.',
  default: '',
  kind: 'text',
  location,
  ...own,
});

test.each<[string, Partial<SettingManifest>, readonly string[], readonly string[]]>([
  ['one of range or mux', { values: ['range', 'mux'] }, ['mux'], ['', 'muxx', 'Mux']],
  [
    'a whole number in a range',
    { range: { min: 96, max: 5000 } },
    ['96', '640', '5000'],
    ['', 'abc', '95', '5001', '640.5', '0640', '6e2', '+640', ' 640', '-640', '٦٤٠'],
  ],
  ['a whole number below zero', { range: { min: -1, max: 1 } }, ['-1', '0', '1'], ['-0', '-2', '--1']],
  ['an address', { kind: 'address' }, ['lan', 'public', '10.0.0.1', '::1'], ['', '10.0.0', '010.0.0.1', 'x']],
  ['a domain', { kind: 'domain' }, ['arc.local', 'a'], ['', 'arc..local', '-a', 'Arc.local']],
  ['any text', {}, ['', 'anything'], []],
])('a setting for %s', (_, own, allowed, refused) => {
  expect(allowed.filter((value) => !isAllowed(setting(own), value))).toEqual([]);
  expect(refused.filter((value) => isAllowed(setting(own), value))).toEqual([]);
});

test('says what it takes', () => {
  expect(allowedValues(setting({ range: { min: 96, max: 5000 } }))).toBe('a whole number from 96 to 5000');
  expect(allowedValues(setting({ values: ['a', 'b', 'c'] }))).toBe('a, b or c');
});
