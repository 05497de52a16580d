import { ThrowsPromise } from '@livekit/throws-transformer/throws';
import { Unpromise } from '@watchable/unpromise';

/**
 * The framework races each frame of sound with a promise that lasts as long as the conversation, and that promise keeps
 * what every race gave: 10 MB a minute. These races keep nothing. Source: nodejs/node#17469.
 */
export function mendRaces(): void {
  ThrowsPromise.race = (values) => Unpromise.race(values) as never;
}
