// The page has what browsers have.
/// <reference lib="dom" />
import { mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { execa } from 'execa';
import type { Room } from 'livekit-client';
import { chromium, type Page } from 'playwright-core';
import { chromiumProgram } from '../story/browser.ts';

/** A call of two in one browser: one speaks, the other listens. */
export type BrowserCall = {
  /** From the listener's `connect` to the first sound of the speaker, who was there before. */
  millisecondsToMedia: number;
  /** Whether the speaker is heard within the next 2 s. */
  isHeard: () => Promise<boolean>;
  /** `connected`, or `signalReconnecting` while media go on without signalling. */
  state: () => Promise<string>;
};

/** A browser on this machine. */
export type CallingBrowser = {
  /** @throws where nobody is heard within `limitMilliseconds` */
  call: (options: {
    url: string;
    speaker: string;
    listener: string;
    limitMilliseconds?: number;
  }) => Promise<BrowserCall>;
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

/**
 * Opens a headless Chromium that finds the names below a domain on this machine, and trusts whom its home trusts.
 *
 * @param options.home with a store of {@link makeBrowserStore}
 */
export async function openCallingBrowser(options: { home: string; domain: string }): Promise<CallingBrowser> {
  const { home, domain } = options;
  const browser = await chromium.launch({
    executablePath: chromiumProgram(),
    env: { ...process.env, HOME: home },
    args: [
      // As root there is no sandbox; a page's sound may play without a click.
      ...['--no-sandbox', '--autoplay-policy=no-user-gesture-required', '--disable-gpu'],
      `--host-resolver-rules=MAP *.${domain} 127.0.0.1`,
    ],
  });
  const pageOf = async (): Promise<Page> => {
    const page = await browser.newPage({ permissions: ['local-network-access'] });
    // An application's page has a name of its own, and came over TLS.
    const address = 'https://page.invalid/';
    await page.route(address, (route) => route.fulfill({ contentType: 'text/html', body: '' }));
    await page.goto(address);
    await page.addScriptTag({ path: client });
    return page;
  };
  return {
    call: async ({ url, speaker, listener, limitMilliseconds = 30_000 }) => {
      const page = await pageOf();
      const order = { url, speaker, listener, limitMilliseconds };
      const millisecondsToMedia = await page.evaluate(startCall, order);
      return {
        millisecondsToMedia,
        isHeard: () => page.evaluate(() => (globalThis as unknown as InPage).call.isHeard(2_000)),
        state: () => page.evaluate(() => (globalThis as unknown as InPage).call.listener.state),
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

/** What the page keeps of a call. */
type InPage = {
  LivekitClient: typeof import('livekit-client');
  call: { listener: Room; isHeard: (milliseconds: number) => Promise<boolean> };
};

/** Runs in the page; resolves with the milliseconds to media. */
async function startCall(options: {
  url: string;
  speaker: string;
  listener: string;
  limitMilliseconds: number;
}): Promise<number> {
  const page = globalThis as unknown as InPage;
  const { Room, RoomEvent } = page.LivekitClient;
  const audio = new AudioContext();
  const tone = audio.createOscillator();
  const stream = audio.createMediaStreamDestination();
  tone.connect(stream);
  tone.start();
  const [sound] = stream.stream.getAudioTracks();
  if (sound === undefined) throw new Error('the page makes no sound');
  const [speaker, listener] = [new Room(), new Room()];
  const talk = async (): Promise<number> => {
    await speaker.connect(options.url, options.speaker);
    await speaker.localParticipant.publishTrack(sound);
    const began = performance.now();
    const subscribed = new Promise<MediaStreamTrack>((resolve) =>
      listener.on(RoomEvent.TrackSubscribed, (track) => {
        // WebRTC's sound reaches a graph only if an element plays it, too.
        track.attach(document.createElement('audio'));
        resolve(track.mediaStreamTrack);
      }),
    );
    await listener.connect(options.url, options.listener);
    const ear = audio.createAnalyser();
    audio.createMediaStreamSource(new MediaStream([await subscribed])).connect(ear);
    const samples = new Float32Array(ear.fftSize);
    const isHeard = async (milliseconds: number): Promise<boolean> => {
      const end = performance.now() + milliseconds;
      do {
        await new Promise((resolve) => setTimeout(resolve, 5));
        ear.getFloatTimeDomainData(samples);
        if (samples.some((sample) => Math.abs(sample) > 0.05)) return true;
      } while (performance.now() < end);
      return false;
    };
    page.call = { listener, isHeard };
    if (!(await isHeard(options.limitMilliseconds))) throw new Error('the speaker is not heard');
    return performance.now() - began;
  };
  return await Promise.race([
    talk(),
    new Promise<never>((_, reject) => {
      const { limitMilliseconds } = options;
      setTimeout(() => reject(new Error(`no call within ${limitMilliseconds} ms`)), limitMilliseconds);
    }),
  ]);
}
