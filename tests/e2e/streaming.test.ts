import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStage, type Stage } from '../support/stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
  await stage.succeed(['up', 'streaming', '--yes']);
}, 900_000);
afterAll(() => stage?.close());

const admin = 'http://127.0.0.1:8082';

describe('the streaming service', () => {
  it('is healthy, as the broker found by a message to itself', async () => {
    const { stdout } = await stage.succeed(['health']);
    expect(stdout).toMatch(/✓ {2}arc-streaming +running .*\/admin\/v2\/brokers\/health: 200 OK/);
  });

  it.each([
    ['a container', {}, 'pulsar://arc-streaming:6650'],
    ['a program of this machine', { 'X-Pulsar-ListenerName': 'local' }, 'pulsar://127.0.0.1:6650'],
  ])('tells %s an address that it can reach', async (_who, headers, brokerUrl) => {
    const answer = await fetch(`${admin}/lookup/v2/topic/persistent/pulsar/system/any`, { headers });
    expect(await answer.json()).toMatchObject({ brokerUrl });
  });

  it('makes no topic and no subscription because a client asks for one', async () => {
    const state = await fetch(`${admin}/admin/v2/brokers/configuration/runtime`);
    expect(await state.json()).toMatchObject({
      allowAutoTopicCreation: 'false',
      allowAutoSubscriptionCreation: 'false',
      brokerDeleteInactiveTopicsEnabled: 'false',
      isAllowAutoUpdateSchemaEnabled: 'false',
    });
  });

  it('keeps its data through down and up', async () => {
    const put = await fetch(`${admin}/admin/v2/tenants/kept`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ allowedClusters: ['standalone'] }),
    });
    expect(put.status).toBe(204);
    await stage.succeed(['down']);
    await stage.succeed(['up', 'streaming', '--yes']);
    const tenants: unknown = await (await fetch(`${admin}/admin/v2/tenants`)).json();
    expect(tenants).toContain('kept');
  });
});
