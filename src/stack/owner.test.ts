import { describe, expect, test } from 'vitest';
import { describeOwner, type Home, isFromHere, type Owner } from './owner.ts';

const home: Home = { id: 'aaaa', folder: '/home/a/arc', host: 'laptop1', takenOver: [] };
const links: Readonly<Record<string, string>> = {
  '/home/a/arc': '/home/a/arc',
  '/link': '/home/a/arc',
  '/home/b/arc': '/home/b/arc',
};

function fromHere(owner: Owner, here = home): boolean {
  return isFromHere({ owner, home: here, resolve: (folder) => links[folder] });
}

describe('what was made from this workspace', () => {
  test('has its id, wherever the folder was then and whatever the host was called', () => {
    expect(fromHere({ id: 'aaaa', folder: '/old/place', host: 'other-name' })).toBe(true);
  });

  test('was made in the same folder of this host: by a clone that was made again, or through a link', () => {
    expect(fromHere({ id: 'bbbb', folder: '/home/a/arc', host: 'laptop1' })).toBe(true);
    expect(fromHere({ folder: '/link', host: 'laptop1' })).toBe(true);
  });

  test('has no id and no host from an older arc: its folder is this one, or has gone', () => {
    expect(fromHere({ folder: '/home/a/arc' })).toBe(true);
    expect(fromHere({ folder: '/moved/away' })).toBe(true);
  });
});

describe('what was made elsewhere', () => {
  test('has another id and another folder, also where that folder has gone', () => {
    expect(fromHere({ id: 'bbbb', folder: '/home/b/arc', host: 'laptop1' })).toBe(false);
    expect(fromHere({ id: 'bbbb', folder: '/gone', host: 'laptop1' })).toBe(false);
  });

  test('is of another host, where the same path is another folder', () => {
    expect(fromHere({ id: 'bbbb', folder: '/home/a/arc', host: 'laptop2' })).toBe(false);
  });

  test('has no id, and a folder that is another clone', () => {
    expect(fromHere({ folder: '/home/b/arc' })).toBe(false);
  });

  test('is of another id for a workspace that has none yet', () => {
    const { id: _, ...young } = home;
    expect(fromHere({ id: 'bbbb', folder: '/home/b/arc', host: 'laptop1' }, young)).toBe(false);
  });
});

test('an owner is described by its folder and its host, as far as they are known', () => {
  expect(describeOwner(home)).toBe('/home/a/arc on laptop1');
  expect(describeOwner({ folder: '/home/a/arc' })).toBe('/home/a/arc');
});
