import { describe, expect, test } from 'vitest';
import { fakeEngine } from '../../../tests/fixtures/fake-engine.ts';
import { testContainer, testStack } from '../../../tests/fixtures/stacks.ts';
import { observe } from './observe.ts';

const stack = testStack({
  containers: [testContainer({ role: 'cache', volumes: [{ volume: 'arc-data', target: '/data' }] })],
});

describe('a snapshot', () => {
  test('has what belongs to the project, and what has a name that the stack wants', async () => {
    const engine = fakeEngine();
    engine.put({ name: 'arc-old', labels: { 'arc.project': 'arc', 'arc.role': 'old' } });
    engine.put({ name: 'arc-cache', labels: { 'com.docker.compose.project': 'shop' } });
    engine.put({ name: 'stranger' });
    await engine.createNetwork({ name: 'arc_net', labels: {} });
    await engine.createNetwork({ name: 'other_net', labels: {} });
    await engine.createVolume({ name: 'arc-data', labels: {} });
    await engine.createVolume({ name: 'ours', labels: { 'arc.project': 'arc', 'arc.role': 'old' } });
    await engine.createVolume({ name: 'other', labels: {} });
    engine.images.set('ghcr.io/arc-framework/arc-cache:latest', 'sha256:1');
    engine.images.set('other:latest', 'sha256:2');

    const snapshot = await observe({ engine, project: 'arc', stack });
    expect(snapshot.containers.map(({ name }) => name)).toEqual(['arc-old', 'arc-cache']);
    expect(snapshot.networks.map(({ name }) => name)).toEqual(['arc_net']);
    expect(snapshot.volumes).toEqual([{ name: 'arc-data' }, { name: 'ours', project: 'arc', role: 'old' }]);
    expect(snapshot.images).toEqual({ 'ghcr.io/arc-framework/arc-cache:latest': 'sha256:1' });
  });

  test('reads labels, and says who made a container that arc did not make', async () => {
    const engine = fakeEngine();
    engine.put({
      name: 'arc-cache',
      labels: {
        'arc.project': 'arc',
        'arc.role': 'cache',
        'arc.kind': 'service',
        'arc.hash': '1:abc',
        'arc.hash.parts': 'command=77ab,image=9c1f',
        'arc.depends-on': 'a,b',
        'arc.stop.grace-seconds': '30',
      },
    });
    engine.put({ name: 'arc-x', labels: { 'com.docker.compose.project': 'shop' } });
    const wanted = testStack({ containers: [testContainer({ role: 'x' })] });
    const [cache, foreign] = (await observe({ engine, project: 'arc', stack: wanted })).containers;
    expect(cache).toMatchObject({
      project: 'arc',
      role: 'cache',
      kind: 'service',
      hash: '1:abc',
      parts: { command: '77ab', image: '9c1f' },
      dependsOn: ['a', 'b'],
      graceSeconds: 30,
    });
    expect(foreign).toMatchObject({
      maker: 'the Docker Compose project "shop"',
      parts: {},
      dependsOn: [],
      graceSeconds: 10,
    });
    expect(foreign).not.toHaveProperty('project');
  });

  test('does not count a network that was removed and made anew', async () => {
    const engine = fakeEngine();
    await engine.createNetwork({ name: 'arc_net', labels: {} });
    const id = engine.networks.get('arc_net')?.id ?? '';
    const put = (name: string, network: string): void =>
      engine.put({ name, labels: { 'arc.project': 'arc' }, networks: [{ name: 'arc_net', id: network }] });
    put('on-it', id);
    put('on-the-old-one', 'network-0');
    put('never-started', '');
    const { containers } = await observe({ engine, project: 'arc' });
    expect(containers.map(({ name, networks }) => `${name}: ${networks}`)).toEqual([
      'on-it: arc_net',
      'on-the-old-one: ',
      'never-started: arc_net',
    ]);
  });
});
