import { expect, test } from 'vitest';
import { apiRoot } from './address.ts';

test.each([
  ['ghcr.io', 'https://ghcr.io'],
  ['docker.io', 'https://registry-1.docker.io'],
  ['registry.example:5000', 'https://registry.example:5000'],
  ['localhost', 'http://localhost'],
  ['localhost:5000', 'http://localhost:5000'],
  ['127.0.0.1:5000', 'http://127.0.0.1:5000'],
  ['127.9.9.9', 'http://127.9.9.9'],
  ['[::1]:5000', 'http://[::1]:5000'],
  // Names that only begin like this machine's.
  ['localhost.example', 'https://localhost.example'],
  ['127.0.0.1.example', 'https://127.0.0.1.example'],
  ['10.0.0.1:5000', 'https://10.0.0.1:5000'],
])('%s is asked at %s', (registry, root) => {
  expect(apiRoot(registry)).toBe(root);
});
