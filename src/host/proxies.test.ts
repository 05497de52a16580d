import { describe, expect, test } from 'vitest';
import { environmentWithoutProxies, loopbackPastProxies } from './proxies.ts';

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

test('a program that ignores NO_PROXY is told of no proxy', () => {
  const environment = { HTTP_PROXY: 'http://p:3128', all_proxy: 'socks5://p', NO_PROXY: 'a', PATH: '/bin' };
  expect(environmentWithoutProxies(environment)).toEqual({ NO_PROXY: 'a', PATH: '/bin' });
});
