import { describe, expect, it } from 'vitest';
import type { ResolvedContainer } from '../stack/model.ts';
import { chooseImages } from './image-selection.ts';

const container = (kind: 'service' | 'job', service: string, role: string) =>
  ({ kind, service, role, name: `arc-${role}` }) as ResolvedContainer;
const containers = [
  container('service', 'cache', 'cache'),
  container('job', 'storage', 'storage-init'),
  container('service', 'storage', 'storage'),
  container('service', 'realtime', 'realtime'),
  container('service', 'realtime', 'realtime-ingress'),
];
const choose = (...names: string[]) => chooseImages({ containers, names }).map(({ role }) => role);

describe('the images that are named', () => {
  it('are all without a name; jobs have none of their own', () => {
    expect(choose()).toEqual(['cache', 'storage', 'realtime', 'realtime-ingress']);
  });

  it('are all of a service, or one of it by its role', () => {
    expect(choose('realtime')).toEqual(['realtime', 'realtime-ingress']);
    expect(choose('realtime-ingress')).toEqual(['realtime-ingress']);
  });

  it('are one of a service by its name, that of the main container too', () => {
    expect(choose('arc-realtime')).toEqual(['realtime']);
  });

  it('are each there once, in the order of the stack', () => {
    expect(choose('arc-realtime', 'realtime', 'cache')).toEqual(['cache', 'realtime', 'realtime-ingress']);
  });

  it('have to be there; a near name is suggested', () => {
    expect(() => choose('realtme')).toThrow('No service or container is called realtme');
    expect(() => choose('storage-init')).toThrow('there is no image of it');
  });
});
