import { expect, it } from 'vitest';
import { testStack } from '../../tests/fixtures/stacks.ts';
import type { ResolvedSetting } from '../stack/model.ts';
import { bootAnswer } from './boot-answer.ts';

function answerWith(node_ip: Partial<ResolvedSetting>) {
  const setting: ResolvedSetting = {
    ...{ value: '127.0.0.1', description: '', service: 'realtime', kind: 'address', source: 'default' },
    ...node_ip,
  };
  const stack = { ...testStack({ containers: [] }), settings: { node_ip: setting } };
  const execution = { milliseconds: 1, ready: [], done: [] };
  const plan = { project: 'arc', steps: [] };
  const booted = { stack, plan, execution, images: [], missing: [], losses: [] };
  return bootAnswer({ booted, program: 'arc', columns: 80 });
}

it('an address that arc has found out is said, with where it found it', () => {
  const note = 'lan: 192.168.1.5 on eth0 (default route)';
  const { data, text } = answerWith({ value: '192.168.1.5', source: 'flag', note });
  expect(text()).toContain(`node_ip is ${note}.`);
  expect(data).toMatchObject({ chosenAddresses: [{ name: 'node_ip', value: '192.168.1.5', note }] });
});

it('an address that somebody has given is not said again', () => {
  const { data, text } = answerWith({ value: '192.168.1.5', source: 'flag' });
  expect(text()).not.toContain('node_ip');
  expect(data).toMatchObject({ chosenAddresses: [] });
});
