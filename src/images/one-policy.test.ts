import { expect, it } from 'vitest';
import type { BasePolicy } from '../manifest/model.ts';
import type { ImageRequest } from './model.ts';
import { withOnePolicyEach } from './one-policy.ts';

function request(role: string, reference: string, policy: BasePolicy): ImageRequest {
  const image = {
    reference,
    upstream: 'redis',
    user: '1:1',
    owned: [],
    dockerfile: '',
    folder: '',
    labels: {},
  };
  return { role, policy, image, dockerfile: '' };
}

it('gives a job the policy of the service whose image it runs', () => {
  const requests = [
    request('storage', 'x/storage', 'local'),
    request('cache', 'x/cache', 'registry'),
    request('storage-buckets', 'x/storage', 'auto'),
  ];
  expect(withOnePolicyEach(requests).map(({ role, policy }) => [role, policy])).toEqual([
    ['storage', 'local'],
    ['cache', 'registry'],
    ['storage-buckets', 'local'],
  ]);
});
