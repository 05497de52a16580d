// Two participants in a browser, one of whom speaks and one of whom listens: node caller.ts, with a CallOrder as JSON on
// standard input. Prints a Call as JSON. A process of its own, so that it can be started in another network.
import { text } from 'node:stream/consumers';
import { type BrowserCall, type CallWish, openCallingBrowser } from './browser-call.ts';

/** What a caller has to know. */
export type CallOrder = CallWish & {
  /** What a DNS server would say; the browser knows no other name. */
  names: Readonly<Record<string, string>>;
  /** Hashes of public keys that the browser takes for trusted, base64 of SHA-256. */
  trusted: readonly string[];
};

export type Call = Pick<BrowserCall, 'spoken' | 'heard' | 'millisecondsToMedia'>;

const { names, trusted, ...wish } = JSON.parse(await text(process.stdin)) as CallOrder;
const browser = await openCallingBrowser({ names, trusted, microphone: true });
try {
  const { spoken, heard, millisecondsToMedia, end } = await browser.call(wish);
  await end();
  process.stdout.write(JSON.stringify({ spoken, heard, millisecondsToMedia } satisfies Call));
} finally {
  await browser.close();
}
