import { expect, it } from 'vitest';
import { readInfo } from './worker-info.ts';

it('is what a worker says of itself', () => {
  const body = '{"agent_name":"","worker_type":"JT_ROOM","active_jobs":2,"sdk_version":"1.9.0"}';
  expect(readInfo(body)).toEqual({ name: '', conversations: 2, sdk: '1.9.0' });
});

it.each(['', 'OK', '{}', 'null', '{"agent_name":1,"active_jobs":2}'])('is not read out of %j', (body) => {
  expect(readInfo(body)).toBeUndefined();
});
