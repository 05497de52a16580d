import { describe, expect, test } from 'vitest';
import { destination, dialCommand, readSshAddress, type SshAddress, sshCommand } from './address.ts';

function read(address: string): SshAddress {
  const found = readSshAddress(address);
  if ('wrong' in found) throw new Error(found.wrong);
  return found;
}

describe('an ssh:// address', () => {
  test('can be the alias of a host in ~/.ssh/config', () => {
    const address = read('ssh://farm');
    expect(destination(address)).toEqual(['--', 'farm']);
    expect(sshCommand(address)).toBe('ssh farm');
    expect(dialCommand(address)).toEqual(['docker', 'system', 'dial-stdio']);
  });

  test('can name a user and a port', () => {
    const address = read('ssh://ada@box.example:2222');
    expect(destination(address)).toEqual(['-l', 'ada', '-p', '2222', '--', 'box.example']);
    expect(sshCommand(address)).toBe('ssh -p 2222 ada@box.example');
  });

  test('can be an IPv6 address', () => {
    expect(destination(read('ssh://[fd00::2]'))).toEqual(['--', 'fd00::2']);
  });

  test('can name the socket of the Engine there, whatever characters are in it', () => {
    expect(dialCommand(read('ssh://box/run/user/1000/docker.sock'))).toEqual([
      ...['docker', '--host', 'unix:///run/user/1000/docker.sock', 'system', 'dial-stdio'],
    ]);
    expect(dialCommand(read("ssh://box/tmp/a;b'c"))[2]).toBe("'unix:///tmp/a;b'\\''c'");
  });
});
