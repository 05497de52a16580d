import { describe, expect, it } from 'vitest';
import { addressesOf, mayReach } from './reach.ts';

describe('a URL may reach', () => {
  it.each(['93.184.216.34', '10.0.0.7', '172.18.0.4', '192.168.1.20', '2606:2800:220:1::1', 'fd12::5'])(
    '%s',
    (address) => expect(mayReach(address)).toBe(true),
  );
});

describe('a URL may not reach', () => {
  it.each([
    ['its own machine', '127.0.0.1'],
    ['its own machine by another address', '127.8.8.8'],
    ['its own machine in IPv6', '::1'],
    ['its own machine as IPv4 in IPv6', '::ffff:127.0.0.1'],
    ['no address', '0.0.0.0'],
    ['no address in IPv6', '::'],
    ["a cloud's credentials", '169.254.169.254'],
    ["a cloud's credentials as IPv4 in IPv6", '::ffff:a9fe:a9fe'],
    ["a cloud's credentials in IPv6", 'fd00:ec2::254'],
    ['a neighbour without a router', 'fe80::1%eth0'],
    ['many at once', '239.1.2.3'],
    ['all of a network', '255.255.255.255'],
    ['what is no address', 'localhost'],
  ])('%s', (_, address) => expect(mayReach(address)).toBe(false));

  it('its own machine by a name', async () => {
    await expect(addressesOf('localhost')).rejects.toThrow('localhost is an address that no URL may reach');
  });

  it('its own machine by a number that is written otherwise', async () => {
    await expect(addressesOf('2130706433')).rejects.toThrow();
    await expect(addressesOf('0x7f.1')).rejects.toThrow();
    await expect(addressesOf('[::1]')).rejects.toThrow('::1 is an address that no URL may reach');
  });
});
