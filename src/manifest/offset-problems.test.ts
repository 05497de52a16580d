import { expect, it } from 'vitest';
import { port } from '../../tests/fixtures/manifests.ts';
import { offsetProblems } from './offset-problems.ts';

const signalling = port({ name: 'http', number: 8881 });
const media = port({ name: 'ice', number: 7881, advertised: true });

function messages(offset: number): readonly string[] {
  const container = { name: 'arc-x', ports: [signalling, media] };
  return offsetProblems({ container, place: { offset, frontDoor: false } }).map(({ message }) => message);
}

it('an advertised port must not move to one that the container listens on already', () => {
  expect(messages(1000)).toEqual([
    'With the offset 1000 arc-x would listen on 8881/tcp for ice, where it listens for http.',
  ]);
  expect(messages(1001)).toEqual([]);
});

it('every port must stay one', () => {
  expect(messages(57_000)).toEqual([
    'With the offset 57000 the port http of arc-x would be 65881, and ports end at 65535.',
  ]);
  expect(messages(56_654)).toEqual([]);
});
