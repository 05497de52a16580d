import { createHash, type X509Certificate } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { execa } from 'execa';
import { chromium, type Page } from 'playwright-core';
import { chromiumProgram } from '../story/browser.ts';
import { type CallInPage, type Route, startCall, type Way } from './page-call.ts';

/** A call of two in one browser: one speaks, the other listens. */
export type BrowserCall = {
  /** From the listener's `connect` to the first sound of the speaker, who was there before. */
  millisecondsToMedia: number;
  /** How media go from the speaker to the server, and from there to the listener. */
  spoken: Route;
  heard: Route;
  /** Whether the speaker is heard within the next 2 s. */
  isHeard: () => Promise<boolean>;
  /** `connected`, or `signalReconnecting` while media go on without signalling. */
  state: () => Promise<string>;
  /** Both leave. */
  end: () => Promise<void>;
};

/** A call that somebody wants. */
export type CallWish = {
  /** Of LiveKit's signalling. */
  url: string;
  /** Their tokens. */
  speaker: string;
  listener: string;
  /** The only way that media may go; any, unless given. */
  way?: Way;
  limitMilliseconds?: number;
};

/** A browser on this machine. */
export type CallingBrowser = {
  /** @throws where nobody is heard within `limitMilliseconds` */
  call: (wish: CallWish) => Promise<BrowserCall>;
  /** Loads a page, and answers its status. */
  load: (url: string) => Promise<number | undefined>;
  close: () => Promise<void>;
};

/** livekit-client as a script for a page: it brings the global `LivekitClient`. */
const client = createRequire(import.meta.url).resolve('livekit-client');

/** Makes the store that Chromium asks on Linux whom to trust, in a folder that is a home. */
export async function makeBrowserStore(home: string): Promise<void> {
  const folder = join(home, '.pki', 'nssdb');
  mkdirSync(folder, { recursive: true });
  await execa('certutil', ['-d', `sql:${folder}`, '-N', '--empty-password']);
}

/** The hash of a certificate's public key, as `trusted` below has them. */
export function trustedKey({ publicKey }: X509Certificate): string {
  return createHash('sha256')
    .update(publicKey.export({ type: 'spki', format: 'der' }))
    .digest('base64');
}

/**
 * Opens a headless Chromium.
 *
 * @param options.names what a DNS server would say, `*.arc.local` for all names below a domain
 * @param options.home whom it trusts is in a store there, see {@link makeBrowserStore}
 * @param options.trusted public keys that it takes for trusted, see {@link trustedKey}
 * @param options.microphone whether a person lets it use the microphone. Until then a browser tries UDP and TURN alone, as
 *   it hides the computer's addresses
 */
export async function openCallingBrowser(options: {
  names: Readonly<Record<string, string>>;
  home?: string;
  trusted?: readonly string[];
  microphone?: boolean;
}): Promise<CallingBrowser> {
  const { names, home, trusted = [], microphone = false } = options;
  const rules = Object.entries(names).map(([name, address]) => `MAP ${name} ${address}`);
  const browser = await chromium.launch({
    executablePath: chromiumProgram(),
    env: { ...process.env, ...(home === undefined ? {} : { HOME: home }) },
    args: [
      // As root there is no sandbox; a page's sound may play without a click.
      ...['--no-sandbox', '--autoplay-policy=no-user-gesture-required', '--disable-gpu'],
      '--use-fake-device-for-media-stream',
      `--host-resolver-rules=${rules.join(',')}`,
      `--ignore-certificate-errors-spki-list=${trusted.join(',')}`,
    ],
  });
  const permissions = ['local-network-access', ...(microphone ? ['microphone'] : [])];
  const pageOf = async (): Promise<Page> => {
    const page = await browser.newPage({ permissions });
    // An application's page has a name of its own, and came over TLS: else there is no microphone.
    const address = 'https://page.invalid/';
    await page.route(address, (route) => route.fulfill({ contentType: 'text/html', body: '' }));
    await page.goto(address);
    await page.addScriptTag({ path: client });
    return page;
  };
  return {
    call: async ({ limitMilliseconds = 30_000, ...wish }) => {
      const page = await pageOf();
      const reached = await page.evaluate(startCall, { ...wish, microphone, limitMilliseconds });
      return {
        ...reached,
        isHeard: () => page.evaluate(() => (globalThis as unknown as CallInPage).call.isHeard(2_000)),
        state: () => page.evaluate(() => (globalThis as unknown as CallInPage).call.listener.state),
        end: async () => {
          await page.evaluate(() => (globalThis as unknown as CallInPage).call.end());
          await page.close();
        },
      };
    },
    load: async (url) => {
      const page = await browser.newPage();
      try {
        return (await page.goto(url))?.status();
      } finally {
        await page.close();
      }
    },
    close: () => browser.close(),
  };
}
