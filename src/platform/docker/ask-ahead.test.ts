import { describe, expect, it } from 'vitest';
import { askAhead } from './ask-ahead.ts';
import type { EngineConnection } from './connection.ts';

/** A connection that answers each list with how often it was asked for, or refuses the first time. */
function counting(options: { refuses?: boolean } = {}) {
  const asked: string[] = [];
  const list = (name: string) => async () => {
    asked.push(name);
    if (options.refuses && asked.filter((one) => one === name).length === 1) throw new Error(`no ${name}`);
    return [];
  };
  const connection = {
    info: list('info'),
    engine: {
      listContainers: list('containers'),
      listNetworks: list('networks'),
      listVolumes: list('volumes'),
    },
  } as unknown as EngineConnection;
  return { asked, connection };
}

describe('an Engine that is asked ahead', () => {
  it('is asked for everything at once, and for nothing again by whoever looks first', async () => {
    const { asked, connection } = counting();
    const { engine } = askAhead(connection);
    expect(asked).toEqual(['info', 'containers', 'networks', 'volumes']);
    await Promise.all([engine.listContainers(), engine.listNetworks(), engine.listVolumes()]);
    expect(asked).toHaveLength(4);
  });

  it('is asked again by whoever looks a second time, because things may have changed', async () => {
    const { asked, connection } = counting();
    const { engine } = askAhead(connection);
    await engine.listVolumes();
    await engine.listVolumes();
    expect(asked.filter((name) => name === 'volumes')).toHaveLength(2);
  });

  it('tells whoever looks why it did not answer, and nobody else', async () => {
    const { connection } = counting({ refuses: true });
    const { engine } = askAhead(connection);
    // An unhandled rejection would fail the test.
    await new Promise((resolve) => setImmediate(resolve));
    await expect(engine.listNetworks()).rejects.toThrow('no networks');
    await expect(engine.listNetworks()).resolves.toEqual([]);
  });
});
