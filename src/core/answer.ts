import type { Answer } from './event.ts';

/** A question and its reply in one line: `GET http://127.0.0.1:7880/: 406 Not Acceptable`. */
export function formatAnswer({ question, reply, hold, againMilliseconds }: Answer): string {
  const held =
    hold === undefined ? '' : `; it must stay so for ${hold.milliseconds / 1000} s, because ${hold.cause}`;
  const again =
    againMilliseconds === undefined ? '' : `; asked again in ${(againMilliseconds / 1000).toFixed(1)} s`;
  return `${question}: ${reply}${held}${again}`;
}
