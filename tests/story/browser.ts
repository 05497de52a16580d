// The page has what browsers have.
/// <reference lib="dom" />
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, join } from 'node:path';
import type { RemoteTrack, RemoteVideoTrack, Room } from 'livekit-client';
import { chromium } from 'playwright-core';

/** What a browser has seen and heard of one participant. */
export type Watched = {
  /** How many pictures came, whether or not this machine had the time to paint them. */
  received: number;
  /** How many of them the page looked at. */
  pictures: number;
  lowestNumber: number;
  highestNumber: number;
  beeps: number;
};

/**
 * A Chromium of this machine.
 *
 * @throws Error where there is none
 */
export function chromiumProgram(): string {
  const names = ['chromium', 'google-chrome', 'chromium-browser'];
  const folders = (process.env.PATH ?? '').split(delimiter);
  const found = folders.flatMap((folder) => names.map((name) => join(folder, name))).find(existsSync);
  if (found === undefined) throw new Error('There is no Chromium (Debian: apt-get install chromium).');
  return found;
}

/** livekit-client as a script for a page: it brings the global `LivekitClient`. */
const client = createRequire(import.meta.url).resolve('livekit-client');

/**
 * Joins a room with livekit-client in a headless Chromium, and looks and listens to the first video and audio that come.
 *
 * @param options.beeps how many it listens for; there is one each second of the stream
 * @throws Error where nothing can be seen or heard within 30 s, or not so many beeps within a minute
 */
export async function watchInBrowser(options: {
  url: string;
  token: string;
  beeps: number;
}): Promise<Watched> {
  const browser = await chromium.launch({
    executablePath: chromiumProgram(),
    // As root there is no sandbox; a page's sound may play without a click.
    args: ['--no-sandbox', '--autoplay-policy=no-user-gesture-required', '--disable-gpu'],
  });
  try {
    const page = await browser.newPage();
    await page.addScriptTag({ path: client });
    return await page.evaluate(watch, options);
  } finally {
    await browser.close();
  }
}

/** Runs in the page. */
async function watch(options: { url: string; token: string; beeps: number }): Promise<Watched> {
  const library = (globalThis as unknown as { LivekitClient: typeof import('livekit-client') }).LivekitClient;
  const room: Room = new library.Room();
  const first = (kind: 'audio' | 'video') =>
    new Promise<RemoteTrack>((resolve, reject) => {
      setTimeout(() => reject(new Error(`no ${kind} within 30 s`)), 30_000);
      room.on(library.RoomEvent.TrackSubscribed, (track) => {
        if (track.kind === kind) resolve(track);
      });
    });
  const [picture, sound] = [first('video'), first('audio')];
  await room.connect(options.url, options.token);

  const video = document.createElement('video');
  video.muted = true;
  (await picture).attach(video);
  const received = async () =>
    (await ((await picture) as RemoteVideoTrack).getReceiverStats())?.framesReceived ?? 0;
  // WebRTC's sound reaches a graph only if an element plays it, too.
  const audio = document.createElement('audio');
  (await sound).attach(audio);
  const graph = new AudioContext();
  const ear = graph.createAnalyser();
  graph.createMediaStreamSource(new MediaStream([(await sound).mediaStreamTrack])).connect(ear);

  const canvas = document.createElement('canvas');
  canvas.width = 16;
  canvas.height = 2;
  const paint = canvas.getContext('2d', { willReadFrequently: true });
  const numbers: number[] = [];
  const look = (): void => {
    paint?.drawImage(video, 0, 0, 16, 2);
    const pixels = paint?.getImageData(0, 0, 16, 1).data ?? [];
    numbers.push(
      Array.from({ length: 16 }, (_, bit) => ((pixels[bit * 4] ?? 0) > 125 ? 2 ** bit : 0)).reduce(
        (a, b) => a + b,
      ),
    );
    video.requestVideoFrameCallback(look);
  };
  const samples = new Float32Array(ear.fftSize);
  let [beeps, wasLoud] = [0, false];
  let heardAll = (): void => {};
  const listen = (): void => {
    ear.getFloatTimeDomainData(samples);
    const isLoud = samples.some((sample) => Math.abs(sample) > 0.05);
    if (isLoud && !wasLoud) beeps += 1;
    wasLoud = isLoud;
    if (beeps === options.beeps) heardAll();
  };
  await new Promise<void>((resolve, reject) => {
    setTimeout(() => reject(new Error('no picture within 30 s')), 30_000);
    video.requestVideoFrameCallback(() => resolve());
  });
  const receivedBefore = await received();
  look();
  const ticks = setInterval(listen, 20);
  await new Promise<void>((resolve, reject) => {
    const limit = setTimeout(() => reject(new Error(`${beeps} beeps within a minute`)), 60_000);
    heardAll = () => {
      clearTimeout(limit);
      resolve();
    };
  });
  clearInterval(ticks);
  const receivedAfter = await received();
  await room.disconnect();
  return {
    received: receivedAfter - receivedBefore,
    pictures: numbers.length,
    lowestNumber: Math.min(...numbers),
    highestNumber: Math.max(...numbers),
    beeps,
  };
}
