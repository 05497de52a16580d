import { AccessToken } from 'livekit-server-sdk';
import { expect, it } from 'vitest';
import { authorityOf } from './authority.ts';

const authority = authorityOf({ key: 'key', secret: 'a-secret-of-at-least-32-characters' });
async function tokenOf(options: { secret?: string; roomAdmin?: boolean }): Promise<string> {
  const { secret = 'a-secret-of-at-least-32-characters', roomAdmin = true } = options;
  const token = new AccessToken('key', secret, { identity: 'arc' });
  token.addGrant({ roomAdmin });
  return `Bearer ${await token.toJwt()}`;
}

it('believes a token of the API secret that may administer rooms', async () => {
  await expect(authority(await tokenOf({}))).resolves.toBeUndefined();
});

it('believes nobody else', async () => {
  const others = [undefined, '', 'Bearer x', await tokenOf({ roomAdmin: false })];
  for (const header of [...others, await tokenOf({ secret: 'another-secret-of-32-characters-x' })])
    await expect(authority(header)).rejects.toMatchObject({ status: 401 });
});
