import type { Option } from 'commander';
import { invalid } from '../core/errors.ts';
import type { Platform } from '../manifest/model-release.ts';
import { repeatable } from './selection-options.ts';

const platforms: readonly Platform[] = ['linux/amd64', 'linux/arm64'];

/** `parsePlatforms` reads its values. */
export function platformOption(description: string): Option {
  return repeatable('--platform <list>', description);
}

/**
 * `['linux/arm64,linux/amd64']` → both, in the order in which an index has them.
 *
 * @throws ArcError `bad-flag`
 */
export function parsePlatforms(lists: readonly string[]): readonly Platform[] {
  const named = lists.flatMap((list) => list.split(',')).map((text) => text.trim());
  const wrong = named.find((text) => !platforms.some((platform) => platform === text));
  if (wrong !== undefined) {
    throw invalid({
      code: 'bad-flag',
      message: `--platform takes ${platforms.join(' and ')}, and got "${wrong}".`,
      suggestion: `for example --platform ${platforms.join(',')}`,
    });
  }
  return platforms.filter((platform) => named.includes(platform));
}
