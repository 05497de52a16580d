import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { disguised, disguisedPlaylist } from './disguise.ts';

/** A playlist is held in memory to be read, here and by ffmpeg. Bytes. */
const longestPlaylist = 2 * 1024 * 1024;
const playlistMark = '#EXTM3U';

/**
 * Hands an answer on; in playlists, and where it leads elsewhere, addresses are disguised.
 *
 * @param options.base what was asked for, which relative addresses are relative to
 * @param options.failed told once where the answer ends too early, or is too long
 */
export function relay(options: {
  answer: IncomingMessage;
  response: ServerResponse;
  base: URL;
  failed: (cause: Error) => void;
}): void {
  const { answer, response, base, failed } = options;
  const status = answer.statusCode ?? 502;
  const headers: OutgoingHttpHeaders = { ...answer.headers };
  const { location } = answer.headers;
  if (location && URL.canParse(location, base.href))
    headers.location = disguised(new URL(location, base).href);

  let beginning: Buffer = Buffer.alloc(0);
  const decide = (): void => {
    answer.off('data', look);
    answer.off('end', decide);
    if (beginning.subarray(0, playlistMark.length).toString('latin1') !== playlistMark) {
      response.writeHead(status, headers);
      response.write(beginning);
      answer.pipe(response);
      return;
    }
    const parts = [beginning];
    let length = beginning.length;
    const done = (): void => {
      const { 'content-length': _, 'content-range': __, ...rest } = headers;
      response.writeHead(status === 206 ? 200 : status, rest);
      response.end(disguisedPlaylist(Buffer.concat(parts).toString()));
    };
    if (answer.readableEnded) {
      done();
      return;
    }
    answer.on('data', (bytes: Buffer) => {
      parts.push(bytes);
      length += bytes.length;
      if (length > longestPlaylist) answer.destroy(new Error('its playlist is longer than 2 MiB'));
    });
    answer.on('end', done);
  };
  const look = (bytes: Buffer): void => {
    beginning = Buffer.concat([beginning, bytes]);
    if (beginning.length >= playlistMark.length) decide();
  };
  answer.on('data', look);
  answer.on('end', decide);
  answer.on('error', failed);
}
