// Two participants in a browser, one of whom speaks and one of whom listens: node caller.ts, with a CallOrder as JSON on
// standard input. Prints a Call as JSON. A process of its own, so that it can be started in another network.
// The page has what browsers have.
/// <reference lib="dom" />
import { createRequire } from 'node:module';
import { text } from 'node:stream/consumers';
import { chromium } from 'playwright-core';
import { chromiumProgram } from './browser.ts';

/** What a caller has to know. */
export type CallOrder = {
  /** Of LiveKit's signalling. */
  url: string;
  speaker: string;
  listener: string;
  /** What a DNS server would say; the browser knows no other name. */
  names: Readonly<Record<string, string>>;
  /** Hashes of public keys that the browser takes for trusted, base64 of SHA-256. */
  trusted: readonly string[];
  limitMilliseconds: number;
};

/** How media of one participant go, in the words of WebRTC's statistics. */
export type Route = { candidate: string; protocol: string; relayProtocol?: string; url?: string };

export type Call = {
  spoken: Route;
  heard: Route;
  /** From the listener's `connect` to the first sound of the speaker, who was there before. */
  millisecondsToMedia: number;
};

const order = JSON.parse(await text(process.stdin)) as CallOrder;
const client = createRequire(import.meta.url).resolve('livekit-client');
const names = Object.entries(order.names).map(([name, address]) => `MAP ${name} ${address}`);
const browser = await chromium.launch({
  executablePath: chromiumProgram(),
  args: [
    // As root there is no sandbox; a page's sound may play without a click.
    ...['--no-sandbox', '--autoplay-policy=no-user-gesture-required', '--disable-gpu'],
    '--use-fake-device-for-media-stream',
    `--host-resolver-rules=${names.join(',')}`,
    `--ignore-certificate-errors-spki-list=${order.trusted.join(',')}`,
  ],
});
try {
  const page = await browser.newPage({ permissions: ['microphone', 'local-network-access'] });
  // Only on a page that came over TLS is there a microphone.
  const address = 'https://page.invalid/';
  await page.route(address, (route) => route.fulfill({ contentType: 'text/html', body: '' }));
  await page.goto(address);
  await page.addScriptTag({ path: client });
  process.stdout.write(JSON.stringify(await page.evaluate(call, order)));
} finally {
  await browser.close();
}

/** Runs in the page. */
async function call(options: CallOrder): Promise<Call> {
  const { Room, RoomEvent } = (globalThis as unknown as { LivekitClient: typeof import('livekit-client') })
    .LivekitClient;
  const late = new Promise<never>((_, reject) => {
    const { limitMilliseconds } = options;
    setTimeout(() => reject(new Error(`nothing was heard in ${limitMilliseconds} ms`)), limitMilliseconds);
  });
  // Until somebody lets it use the microphone, a browser tries UDP and TURN alone, as it hides the computer's addresses.
  await navigator.mediaDevices.getUserMedia({ audio: true });
  const audio = new AudioContext();
  const tone = audio.createOscillator();
  const stream = audio.createMediaStreamDestination();
  tone.connect(stream);
  tone.start();
  const [sound] = stream.stream.getAudioTracks();
  if (sound === undefined) throw new Error('the page makes no sound');

  const [speaker, listener] = [new Room(), new Room()];
  const talk = async (): Promise<Call> => {
    await speaker.connect(options.url, options.speaker);
    const publication = await speaker.localParticipant.publishTrack(sound);
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
    do {
      await new Promise((resolve) => setTimeout(resolve, 2));
      ear.getFloatTimeDomainData(samples);
    } while (!samples.some((sample) => Math.abs(sample) > 0.05));
    const millisecondsToMedia = performance.now() - began;
    const [remote] = [...listener.remoteParticipants.values()].flatMap(({ trackPublications }) => [
      ...trackPublications.values(),
    ]);
    return {
      spoken: routeOf(await publication.track?.getRTCStatsReport()),
      heard: routeOf(await remote?.track?.getRTCStatsReport()),
      millisecondsToMedia,
    };
  };
  try {
    return await Promise.race([talk(), late]);
  } finally {
    await Promise.all([speaker.disconnect(), listener.disconnect()]);
  }

  function routeOf(report: RTCStatsReport | undefined): Route {
    const all = new Map<string, Record<string, string>>(report?.entries() ?? []);
    const transport = [...all.values()].find(({ type }) => type === 'transport');
    const pair = all.get(transport?.selectedCandidatePairId ?? '');
    const local = all.get(pair?.localCandidateId ?? '');
    if (local === undefined) throw new Error('the statistics name no selected pair of candidates');
    const { candidateType: candidate = '', protocol = '', relayProtocol, url } = local;
    return {
      candidate,
      protocol,
      ...(relayProtocol === undefined ? {} : { relayProtocol }),
      ...(url ? { url } : {}),
    };
  }
}
