import { type ChildProcess, spawn } from 'node:child_process';
import { PassThrough, type Readable } from 'node:stream';
import { type Contents, contentsIn, isWhole } from './contents.ts';
import { type Gate, openGate } from './gate.ts';

/** A URL that is being pulled: its stream as a NUT file, sound and picture in the order of their times. */
export type Pull = {
  contents: Contents;
  stream: Readable;
  /** How it ended: with a reason, or because there is no more. */
  ended: Promise<{ failed?: string }>;
  kill: () => void;
};

/** Until it is known what the URL leads to. Milliseconds. */
const openingLimit = 20_000;
/** For the first picture of a stream of which all else is known. Milliseconds. */
const pictureLimit = 500;
/** Without a byte from a host. Microseconds, as ffmpeg has them. */
const silence = 25_000_000;

/** What upstream's worker takes, by ffmpeg's names; none of them names files or addresses, but HLS, whose parts go the same way. */
const formats = 'mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,hls,applehttp,mpegts,ogg,mp3,aac,flac,wav,flv,webvtt';

/** ffmpeg's arguments: nothing is decoded here, for this is the process that reaches the network. */
export function pullerArguments(entrance: string): string[] {
  const chosen = ['-map', '0:V:0?', '-map', '0:a:0?', '-c', 'copy'];
  return [
    ['-hide_banner', '-loglevel', 'error', '-nostdin'],
    ['-protocol_whitelist', 'http,tcp,crypto', '-format_whitelist', formats],
    ['-rw_timeout', String(silence), '-user_agent', 'arc-ingress'],
    // A connection that breaks is taken up where it was, a few times.
    ['-reconnect', '1', '-reconnect_delay_max', '4'],
    ['-i', entrance],
    // Its head says what there is, and its first picture at what rate. It comes first, for the stream waits until it is read.
    [...chosen, '-frames:v', '1', '-t', '1', '-f', 'framecrc', 'pipe:3'],
    [...chosen, '-f', 'nut', 'pipe:1'],
  ].flat();
}

/**
 * Opens a URL. Its bytes come as quickly as they are read.
 *
 * @throws Error in words for whoever gave the URL, which they do not repeat
 */
export async function pull(options: { url: string; limit?: number }): Promise<Pull> {
  const { url, limit = openingLimit } = options;
  const gate = await openGate({ url });
  const { http_proxy: _, no_proxy: __, ...environment } = process.env;
  const child = spawn('ffmpeg', pullerArguments(gate.entrance), {
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    env: { ...environment, http_proxy: gate.proxy },
  });
  if (!child.stdout) throw new Error('a process without standard output');
  // Node.js throws away what nobody has begun to read when the process ends, which may be before there is a decoder.
  const stream = child.stdout.pipe(new PassThrough());
  const ended = endOf({ child, gate });
  const kill = (): void => {
    child.kill('SIGKILL');
  };
  const deadline = setTimeout(kill, limit);
  try {
    const head = await Promise.race([headFrom(child.stdio[3] as Readable), ended.then(() => '')]);
    if (head) return { contents: contentsIn(head), stream, ended, kill };
    const { failed } = await ended;
    throw new Error(
      child.signalCode ? `The URL gave no stream within ${limit / 1000} s.` : (failed ?? `The URL is empty.`),
    );
  } catch (cause) {
    kill();
    throw cause;
  } finally {
    clearTimeout(deadline);
  }
}

/** The head is one short write, and its first picture another. */
function headFrom(output: Readable): Promise<string> {
  let text = '';
  let timer: NodeJS.Timeout | undefined;
  return new Promise((resolve) => {
    const settle = (): void => {
      clearTimeout(timer);
      // What comes of it yet is of no use, and must not be waited with.
      output.removeAllListeners('data').resume();
      resolve(text);
    };
    output.on('data', (bytes) => {
      text += bytes;
      if (isWhole(text)) settle();
      else if (text.includes('#media_type')) timer ??= setTimeout(settle, pictureLimit);
    });
    output.on('end', settle);
  });
}

function endOf(options: { child: ChildProcess; gate: Gate }): Promise<{ failed?: string }> {
  const { child, gate } = options;
  let complaint = '';
  child.stderr?.on('data', (text) => {
    complaint = `${complaint}${text}`.slice(-2_000);
  });
  const outcome = (code: number | null): { failed?: string } => {
    const words = gate.reason() ?? plainWords(complaint, gate.entrance) ?? `ffmpeg ended with ${code}`;
    if (code !== 0) return { failed: `The URL cannot be pulled: ${words}.` };
    return gate.reason() || brokeOff(complaint) ? { failed: `The URL's stream broke off: ${words}.` } : {};
  };
  return new Promise((resolve) => {
    child.on('error', (cause) => {
      gate.close();
      resolve({ failed: `The URL's process could not be started: ${cause.message}` });
    });
    child.on('exit', (code) => {
      gate.close();
      const { stderr } = child;
      if (!stderr || stderr.readableEnded) resolve(outcome(code));
      else stderr.once('close', () => resolve(outcome(code)));
    });
  });
}

/** ffmpeg takes an error in the middle for the end, and only says so: with the input's name, or since version 7 in these words. */
export const brokeOff = (complaint: string): boolean =>
  /^(\[in#0.*\] Error during demuxing: |http:\/\/url\.pull\.invalid\/\S*: )/m.test(complaint);

/** ffmpeg's last line, without what it puts before it: where in its memory something is, and the address. */
export function plainWords(complaint: string, entrance: string): string | undefined {
  const line = complaint.trim().split('\n').at(-1)?.trim() ?? '';
  const words = line
    .replace(/^\[[^\]]*\] /, '')
    .replaceAll(entrance, '')
    .replace(/https?:\/\/\S+/g, 'the URL')
    .replace(/^(: |Error opening input(?: files?)?:? ?|Error during demuxing: )+/, '')
    .replace(/\.$/, '');
  return words || undefined;
}
