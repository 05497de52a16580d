import { afterEach, describe, expect, test } from 'vitest';
import { loopbackPastProxies, withoutProxies } from './proxies.ts';

describe('what is reached past a proxy', () => {
  test('is this machine, beside what the environment says', () => {
    const all = 'example.com,localhost,127.0.0.1,::1';
    expect(loopbackPastProxies({ HTTP_PROXY: 'http://p:3128', NO_PROXY: 'example.com' })).toEqual({
      NO_PROXY: all,
      no_proxy: all,
    });
    expect(loopbackPastProxies({ https_proxy: 'http://p:3128' })?.no_proxy).toBe('localhost,127.0.0.1,::1');
  });

  test('is named once, in whichever form it stands there', () => {
    const environment = { all_proxy: 'socks5://p', no_proxy: '127.0.0.1 localhost', NO_PROXY: 'other' };
    expect(loopbackPastProxies(environment)?.NO_PROXY).toBe('127.0.0.1,localhost,::1');
    expect(loopbackPastProxies({ HTTP_PROXY: 'p', NO_PROXY: '*' })?.NO_PROXY).toBe('*');
  });

  test('is nothing to speak of where there is no proxy', () => {
    expect(loopbackPastProxies({ NO_PROXY: 'example.com', HTTP_PROXY: '', PATH: '/bin' })).toBeUndefined();
  });
});

describe('work without proxies', () => {
  afterEach(() => {
    delete process.env.HTTP_PROXY;
  });

  test('sees none in the environment, and leaves it as it was', async () => {
    process.env.HTTP_PROXY = 'http://p:3128';
    expect(await withoutProxies(async () => process.env.HTTP_PROXY)).toBeUndefined();
    expect(process.env.HTTP_PROXY).toBe('http://p:3128');
    await expect(withoutProxies(() => Promise.reject(new Error('it fails')))).rejects.toThrow('it fails');
    expect(process.env.HTTP_PROXY).toBe('http://p:3128');
  });
});
