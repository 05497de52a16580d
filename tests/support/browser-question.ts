// The page has what browsers have.
/// <reference lib="dom" />
import { createRequire } from 'node:module';
import { chromium } from 'playwright-core';
import { chromiumProgram } from '../story/browser.ts';

/** livekit-client as a script for a page: it brings the global `LivekitClient`. */
const client = createRequire(import.meta.url).resolve('livekit-client');

/** What a browser heard after its microphone was opened. `captions`: what the agent says that it said. */
export type HeardInBrowser = { greeting: boolean; answer: boolean; captions: string };

/**
 * Joins a room in a headless Chromium whose microphone plays a file, once the agent has greeted, and listens.
 *
 * @param options.file a WAV file with the question
 * @throws Error where the agent is not heard within `limitMilliseconds`
 */
export async function askInBrowser(options: {
  url: string;
  token: string;
  file: string;
  limitMilliseconds: number;
}): Promise<HeardInBrowser> {
  const { url, token, file, limitMilliseconds } = options;
  const browser = await chromium.launch({
    executablePath: chromiumProgram(),
    args: [
      // As root there is no sandbox; a page's sound may play without a click.
      ...['--no-sandbox', '--autoplay-policy=no-user-gesture-required', '--disable-gpu'],
      ...['--use-fake-ui-for-media-stream', '--use-fake-device-for-media-stream'],
      `--use-file-for-fake-audio-capture=${file}%noloop`,
    ],
  });
  try {
    const page = await browser.newPage({ permissions: ['local-network-access', 'microphone'] });
    // A page without TLS has no microphone.
    const address = 'https://page.invalid/';
    await page.route(address, (route) => route.fulfill({ contentType: 'text/html', body: '' }));
    await page.goto(address);
    await page.addScriptTag({ path: client });
    return await page.evaluate(ask, { url, token, limitMilliseconds });
  } finally {
    await browser.close();
  }
}

/** Runs in the page. */
async function ask(options: {
  url: string;
  token: string;
  limitMilliseconds: number;
}): Promise<HeardInBrowser> {
  const { Room, RoomEvent } = (globalThis as unknown as { LivekitClient: typeof import('livekit-client') })
    .LivekitClient;
  const room = new Room();
  const graph = new AudioContext();
  const ear = graph.createAnalyser();
  room.on(RoomEvent.TrackSubscribed, (track) => {
    if (track.kind !== 'audio') return;
    // WebRTC's sound reaches a graph only if an element plays it, too.
    track.attach(document.createElement('audio'));
    graph.createMediaStreamSource(new MediaStream([track.mediaStreamTrack])).connect(ear);
  });
  const captions: string[] = [];
  room.registerTextStreamHandler('lk.transcription', async (reader, { identity }) => {
    const text = await reader.readAll();
    if (identity !== room.localParticipant.identity) captions.push(text);
  });
  const samples = new Float32Array(ear.fftSize);
  const isLoud = (): boolean => {
    ear.getFloatTimeDomainData(samples);
    return samples.some((sample) => Math.abs(sample) > 0.02);
  };
  const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));
  /** Until somebody has spoken, and nobody has for a second and a half. */
  const utterance = async (): Promise<boolean> => {
    const late = performance.now() + options.limitMilliseconds;
    let last: number | undefined;
    while (performance.now() < late) {
      if (isLoud()) last = performance.now();
      if (last !== undefined && performance.now() - last > 1500) return true;
      await pause(5);
    }
    return false;
  };
  await room.connect(options.url, options.token);
  const greeting = await utterance();
  captions.length = 0;
  await room.localParticipant.setMicrophoneEnabled(true);
  const answer = await utterance();
  // Captions come with the sound, and the last ones a moment after it.
  await pause(500);
  await room.disconnect();
  return { greeting, answer, captions: captions.join(' ') };
}
