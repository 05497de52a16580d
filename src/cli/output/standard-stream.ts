import { fstatSync, writeSync } from 'node:fs';
import { isatty } from 'node:tty';

/** Standard output or standard error of this process. */
export type StandardStream = {
  write: (text: string) => void;
  /** Node's stream of the same, for those who write to it themselves; what is written from here on goes through it too. */
  open: () => NodeJS.WriteStream;
  /** Resolves when all that was written so far is taken. */
  finish: () => Promise<void>;
};

/**
 * Bypasses Node's own streams, because opening them takes a large part of a quick command's time. If a slow reader does
 * not accept everything immediately, the rest and all later output goes through Node's stream.
 *
 * @param options.open Node's stream of the same descriptor
 * @param options.onGone called where nobody reads any more; without it that is an error like others
 */
export function standardStream(options: {
  descriptor: number;
  open: () => NodeJS.WriteStream;
  onGone?: () => void;
}): StandardStream {
  const { descriptor, onGone } = options;
  const fail = (error: NodeJS.ErrnoException): void => {
    if (gone) return;
    if (error.code !== 'EPIPE' || onGone === undefined) throw error;
    gone = true;
    onGone();
  };
  let gone = false;
  let stream: NodeJS.WriteStream | undefined;
  const open = (): NodeJS.WriteStream => {
    if (stream === undefined) {
      stream = options.open();
      if (onGone !== undefined) stream.on('error', fail);
    }
    return stream;
  };
  return {
    write: (text) => {
      if (gone) return;
      const left = stream === undefined ? writeNow({ descriptor, text, fail }) : text;
      if (left.length > 0) open().write(left);
    },
    open,
    finish: async () => {
      const opened = stream;
      if (opened?.writable) await new Promise<void>((resolve) => opened.write('', () => resolve()));
    },
  };
}

/** @returns what could not be written without waiting */
function writeNow(options: {
  descriptor: number;
  text: string;
  fail: (error: NodeJS.ErrnoException) => void;
}): Uint8Array {
  let left = Buffer.from(options.text);
  try {
    while (left.length > 0) left = left.subarray(writeSync(options.descriptor, left));
    return left;
  } catch (cause) {
    const error = cause as NodeJS.ErrnoException;
    if (error.code === 'EAGAIN') return left;
    options.fail(error);
    return Buffer.alloc(0);
  }
}

/** Whether a person is at the other end. Usually none is, and the check needs no module of Node. */
export function isTerminal(descriptor: number): boolean {
  return fstatSync(descriptor).isCharacterDevice() && isatty(descriptor);
}
