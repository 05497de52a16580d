import { EgressInfo, StreamInfo_Status as State } from '@livekit/protocol';
import { describe, expect, it } from 'vitest';
import { streamsOutput } from './streams-output.ts';

const [first, second] = ['rtmp://a/app/key-of-the-first', 'rtmp://b/app/key-of-the-second'] as const;
const shown = (output: ReturnType<typeof streamsOutput>) => {
  const info = new EgressInfo();
  output.show(info);
  return info.streamResults;
};

describe('receivers of a stream', () => {
  it('are shown without their keys, and are active from the beginning', () => {
    const output = streamsOutput([first]);
    expect(shown(output)).toMatchObject([
      { url: 'rtmp://a/app/{key...rst}', status: State.ACTIVE, startedAt: 0n },
    ]);
    expect(output.orders()).toEqual([{ id: '0', url: first }]);
  });

  it('are told of together, once each of them has begun or failed', () => {
    const output = streamsOutput([first, second]);
    expect(output.told({ kind: 'live', id: '0' })).toBe(false);
    expect(output.told({ kind: 'lost', id: '1', reason: 'refused' })).toBe(true);
    const [a, b] = shown(output);
    expect(a?.startedAt).not.toBe(0n);
    expect(b).toMatchObject({ status: State.FAILED, error: 'refused' });
    expect(output.orders()).toHaveLength(1);
  });

  it('come and go', () => {
    const output = streamsOutput([first]);
    const change = output.update({ add: [second], remove: [first] });
    expect(change).toEqual({ added: [{ id: '1', url: second }], removed: ['0'] });
    expect(shown(output).map(({ status }) => status)).toEqual([State.FINISHED, State.ACTIVE]);
  });

  it('are not served twice', () => {
    expect(streamsOutput([first]).update({ add: [first], remove: [] }).added).toEqual([]);
  });

  it('are done as far as they are right, and what is wrong is said without a key', () => {
    const output = streamsOutput([first]);
    const { added, wrong } = output.update({
      add: ['http://c/app/key-of-c', second],
      remove: ['rtmp://d/app/key-of-d'],
    });
    expect(added).toHaveLength(1);
    expect(wrong?.code).toBe('invalid_argument');
    expect(wrong?.message).toBe(
      'invalid url http://c/app/{ke...-c}: invalid scheme\nstream rtmp://d/app/{ke...-d} not found',
    );
  });

  it('that are tried again are counted', () => {
    const output = streamsOutput([first]);
    output.told({ kind: 'live', id: '0' });
    output.told({ kind: 'retrying', id: '0' });
    output.told({ kind: 'retrying', id: '0' });
    expect(shown(output)[0]).toMatchObject({ retries: 2, status: State.ACTIVE });
  });
});
