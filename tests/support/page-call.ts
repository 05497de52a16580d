// What runs in the page of a call. It has what browsers have, and nothing of this file but the one function.
/// <reference lib="dom" />
import type { Room } from 'livekit-client';

/** A way of media: past TURN, or through nothing else. */
export type Way = 'direct' | 'turn';

/** How media of one participant go, in the words of WebRTC's statistics. */
export type Route = { candidate: string; protocol: string; relayProtocol?: string; url?: string };

/** What the page keeps of a call. */
export type CallInPage = {
  LivekitClient: typeof import('livekit-client');
  call: {
    listener: Room;
    isHeard: (milliseconds: number) => Promise<boolean>;
    end: () => Promise<unknown>;
  };
};

/** Resolves once the speaker is heard. */
export async function startCall(options: {
  url: string;
  speaker: string;
  listener: string;
  way?: Way;
  microphone: boolean;
  limitMilliseconds: number;
}): Promise<{ spoken: Route; heard: Route; millisecondsToMedia: number }> {
  const page = globalThis as unknown as CallInPage;
  const { Room, RoomEvent } = page.LivekitClient;
  if (options.microphone) await navigator.mediaDevices.getUserMedia({ audio: true });
  const rtcConfig = rtcConfigOf(options.way);
  const connectOptions = rtcConfig === undefined ? {} : { rtcConfig };
  const audio = new AudioContext();
  const tone = audio.createOscillator();
  const stream = audio.createMediaStreamDestination();
  tone.connect(stream);
  tone.start();
  const [sound] = stream.stream.getAudioTracks();
  if (sound === undefined) throw new Error('the page makes no sound');
  const [speaker, listener] = [new Room(), new Room()];
  const end = () => Promise.all([speaker.disconnect(), listener.disconnect()]);

  const talk = async () => {
    await speaker.connect(options.url, options.speaker, connectOptions);
    const publication = await speaker.localParticipant.publishTrack(sound);
    const began = performance.now();
    const subscribed = new Promise<MediaStreamTrack>((resolve) =>
      listener.on(RoomEvent.TrackSubscribed, (track) => {
        // WebRTC's sound reaches a graph only if an element plays it, too.
        track.attach(document.createElement('audio'));
        resolve(track.mediaStreamTrack);
      }),
    );
    await listener.connect(options.url, options.listener, connectOptions);
    const ear = audio.createAnalyser();
    audio.createMediaStreamSource(new MediaStream([await subscribed])).connect(ear);
    const samples = new Float32Array(ear.fftSize);
    const isHeard = async (milliseconds: number): Promise<boolean> => {
      const late = performance.now() + milliseconds;
      do {
        await new Promise((resolve) => setTimeout(resolve, 2));
        ear.getFloatTimeDomainData(samples);
        if (samples.some((sample) => Math.abs(sample) > 0.05)) return true;
      } while (performance.now() < late);
      return false;
    };
    page.call = { listener, isHeard, end };
    if (!(await isHeard(options.limitMilliseconds))) throw new Error('the speaker is not heard');
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
  const late = new Promise<never>((_, reject) => {
    const { limitMilliseconds } = options;
    setTimeout(() => reject(new Error(`nothing was heard in ${limitMilliseconds} ms`)), limitMilliseconds);
  });
  try {
    return await Promise.race([talk(), late]);
  } catch (error) {
    await end();
    throw error;
  }

  /** With a list of TURN servers of its own, be it empty, a client does not ask those that LiveKit tells it. */
  function rtcConfigOf(way: Way | undefined): RTCConfiguration | undefined {
    if (way === undefined) return undefined;
    return way === 'turn' ? { iceTransportPolicy: 'relay' } : { iceServers: [] };
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
