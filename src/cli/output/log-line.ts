import type { ChalkInstance } from 'chalk';
import type { ArcEvent } from '../../core/event.ts';

const colours = [
  'cyan',
  'magenta',
  'green',
  'yellow',
  'blue',
  'cyanBright',
  'magentaBright',
  'greenBright',
] as const;

/** `arc-realtime | the line`, the name in a colour that is always the same for one container. */
export function formatLogLine(options: {
  event: Extract<ArcEvent, { type: 'log' }>;
  /** None if there are no colours. */
  chalk: ChalkInstance | undefined;
}): string {
  const { container, line } = options.event;
  let sum = 0;
  for (const character of container) sum = (sum * 31 + (character.codePointAt(0) ?? 0)) % 65_521;
  const colour = colours[sum % colours.length] ?? 'cyan';
  const name = container.padEnd(20);
  return `${options.chalk === undefined ? name : options.chalk[colour](name)} | ${line}\n`;
}
