import { InvalidArgumentError, Option } from 'commander';
import { parseDuration } from '../core/duration.ts';

/**
 * An option that takes a duration, and hands on milliseconds.
 *
 * @param options.example what a person may type: `90s, 5m`
 */
export function durationOption(options: {
  flags: string;
  description: string;
  fallback?: string;
  example: string;
}): Option {
  const { flags, description, fallback, example } = options;
  const read = (text: string): number => {
    const milliseconds = parseDuration(text);
    if (milliseconds === undefined || milliseconds === 0)
      throw new InvalidArgumentError(`It takes a number and a unit: ${example}.`);
    return milliseconds;
  };
  const option = new Option(flags, `${description}: ${example}`).argParser(read);
  return fallback === undefined ? option : option.default(read(fallback), fallback);
}
