import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { channels } from './channels.ts';

const stop = { service: 'EgressHandler', method: 'StopEgress', topic: 'EG_1' };

describe('names of channels', () => {
  it('are of the service, the method and the topic', () => {
    expect(channels.request(stop)).toBe('EgressHandler|StopEgress|EG_1|REQ');
    expect(channels.claimAnswer(stop)).toBe('EgressHandler|StopEgress|EG_1|RCLAIM');
  });

  it('are of the service and one client, where only it is meant', () => {
    expect(channels.claim('IOInfo', 'CLI_1')).toBe('IOInfo|CLI_1|CLAIM');
    expect(channels.response('IOInfo', 'CLI_1')).toBe('IOInfo|CLI_1|RES');
  });

  it('have no place for a topic that there is not', () => {
    const request = 'EgressInternal|StartEgress|REQ';
    expect(channels.request({ service: 'EgressInternal', method: 'StartEgress' })).toBe(request);
    expect(channels.request({ service: 'EgressInternal', method: 'StartEgress', topic: '' })).toBe(request);
  });

  // The examples of psrpc's own channels_test.go.
  it('write out what is not a letter of ASCII, a digit or an underscore', () => {
    const of = (topic: string): string => channels.request({ service: 'foo', method: 'bar', topic });
    expect(of('U+0001f680_u+00c9|👋')).toBe('foo|bar|Uu+002b0001f680_uu+002b00c9u+007cU+0001f44b|REQ');
    expect(of('a-b.c é')).toBe('foo|bar|au+002dbu+002ecu+0020u+00e9|REQ');
  });

  it('cannot be made to mean another channel by what a topic holds', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1 }), (topic) => {
        expect(channels.request({ ...stop, topic })).toMatch(
          /^EgressHandler\|StopEgress\|[0-9A-Za-z_+]+\|REQ$/,
        );
      }),
    );
  });
});
