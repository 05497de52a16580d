import type { ChalkInstance } from 'chalk';
import type { MessageEvent } from '../../core/message-event.ts';

/** `12:00:00.000 agent.voice.track.published {"event":…}`, and below it a line for each fault of the body. */
export function formatMessageLine(options: {
  event: MessageEvent;
  /** None if there are no colours. */
  chalk: ChalkInstance | undefined;
}): string {
  const { event, chalk } = options;
  const { subject, body, violations, time } = event;
  const at = (time ?? event.headers['ce-time'] ?? '').slice(11, 23);
  const place = chalk === undefined ? subject : chalk.cyan(subject);
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const faults = violations.map(({ pointer, message }) => {
    const fault = `  ! ${pointer === '' ? 'the body' : pointer} ${message}`;
    return `${chalk === undefined ? fault : chalk.red(fault)}\n`;
  });
  return `${at === '' ? '' : `${at} `}${place} ${text}\n${faults.join('')}`;
}
