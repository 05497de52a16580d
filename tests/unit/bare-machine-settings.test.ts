import { expect, it } from 'vitest';
import { registryEnvironment } from '../support/bare-machine/settings.ts';

it('a bare machine gets how registries are reached, and nothing of where this machine keeps its files', () => {
  const kept = {
    HTTPS_PROXY: 'http://proxy.example:3128',
    no_proxy: 'localhost',
    NODE_EXTRA_CA_CERTS: '/etc/ssl/certs/own.pem',
    SSL_CERT_FILE: '/etc/ssl/certs/own.pem',
    GIT_SSL_CAINFO: '/etc/ssl/certs/own.pem',
    npm_config_registry: 'https://npm.example',
    NPM_CONFIG_CAFILE: '/etc/ssl/certs/own.pem',
    PIP_INDEX_URL: 'https://pypi.example/simple',
    GOPROXY: 'https://go.example',
    GOFLAGS: '-mod=mod',
  };
  const left = {
    HOME: '/home/ada',
    PATH: '/usr/bin',
    DOCKER_HOST: 'unix:///run/other.sock',
    npm_config_cache: '/home/ada/.npm',
    npm_config_user_agent: 'npm/11',
    npm_config_userconfig: '/home/ada/.npmrc',
    GOPATH: '/home/ada/go',
    GOCACHE: '/home/ada/.cache/go-build',
    XDG_CACHE_HOME: '/home/ada/.cache',
  };
  expect(registryEnvironment({ ...left, ...kept })).toEqual(kept);
});
