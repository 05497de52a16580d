import { describe, expect, it } from 'vitest';
import { Mixer } from './mixer.ts';

const mixer = () => new Mixer({ rate: 100, channels: 1, seconds: 2 });
const block = (value: number, length = 10) => new Int16Array(length).fill(value);

describe('the mix of several speakers', () => {
  it('has each of them where they were heard', () => {
    const mix = mixer();
    mix.voice()(block(5), 0.2);
    expect([...mix.take(30)]).toEqual([...block(0), ...block(5), ...block(0)]);
  });

  it('adds up those who speak at once', () => {
    const mix = mixer();
    mix.voice()(block(5), 0.1);
    mix.voice()(block(7), 0.15);
    expect([...mix.take(20)]).toEqual([...block(5, 5), ...block(12, 5), ...block(7, 5), ...block(0, 5)]);
  });

  it('cuts off only the sum, and only where it is too loud', () => {
    const mix = mixer();
    const [first, second, third] = [mix.voice(), mix.voice(), mix.voice()];
    first(block(30_000), 0.1);
    second(block(30_000), 0.1);
    third(block(-30_000), 0.1);
    expect(mix.take(10)[0]).toBe(30_000);
    first(block(30_000), 0.2);
    second(block(30_000), 0.2);
    expect(mix.take(20)[0]).toBe(32_767);
  });

  it('keeps a voice whole although its blocks arrive with jitter', () => {
    const mix = mixer();
    const voice = mix.voice();
    for (const [index, arrived] of [0.1, 0.23, 0.3, 0.41].entries()) voice(block(index + 1), arrived);
    expect([...mix.take(40)]).toEqual([...block(1), ...block(2), ...block(3), ...block(4)]);
  });

  it('moves a voice that was placed too late, and has nothing twice', () => {
    const mix = mixer();
    const voice = mix.voice();
    for (const [index, arrived] of [0.15, 0.2, 0.3].entries()) voice(block(index + 1), arrived);
    expect([...mix.take(30)]).toEqual([...block(0, 5), ...block(1), ...block(2, 5), ...block(3)]);
  });

  it('moves a voice that was away to where it is now', () => {
    const mix = mixer();
    const voice = mix.voice();
    voice(block(1), 0.1);
    voice(block(2), 0.8);
    expect([...mix.take(80)]).toEqual([...block(1), ...block(0, 60), ...block(2)]);
  });

  it('leaves out what comes after its place was handed out', () => {
    const mix = mixer();
    mix.take(15);
    mix.voice()(block(3), 0.2);
    expect([...mix.take(25)]).toEqual([...block(3, 5), ...block(0, 5)]);
  });

  it('goes on where its ring begins again', () => {
    const mix = mixer();
    const voice = mix.voice();
    let heard: number[] = [];
    for (let index = 0; index < 100; index += 1) {
      voice(block(index), (index + 1) / 10);
      heard = [...heard, ...mix.take((index + 1) * 10)];
    }
    expect(heard).toEqual(Array.from({ length: 1_000 }, (_, index) => Math.floor(index / 10)));
  });
});
