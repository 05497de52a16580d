import { readdirSync, readFileSync } from 'node:fs';
import { type IngressInfo, IngressState_Status as Status } from '@livekit/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FilmServer, ownAddress, serveFilms } from '../support/film-server.ts';
import { type IngressStage, openIngressStage } from '../support/ingress-stage.ts';

// What is pulled into a room, with the embedded ingress worker and somebody's web server.

let at: IngressStage;
let films: FilmServer;
beforeAll(async () => {
  films = await serveFilms();
  at = await openIngressStage({ environment: { NODE_EXTRA_CA_CERTS: films.authority } });
});
afterAll(async () => {
  await at?.close();
  await films?.close();
});

const pull = (room: string, url: string): Promise<IngressInfo> => at.pull(room, url);

/** Arguments of all processes, where the test may look at them. */
const commandLines = (): string =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
      } catch {
        return '';
      }
    })
    .join('\n');

describe('a film', () => {
  it('is seen and heard to its end, and the API says so', async () => {
    const viewer = await at.watch('cinema');
    const info = await pull('cinema', films.url('film.mp4?password=open-sesame'));
    expect(info).toMatchObject({
      reusable: false,
      streamKey: '',
      state: { status: Status.ENDPOINT_BUFFERING },
    });
    expect((await at.state(info))?.status).not.toBe(Status.ENDPOINT_INACTIVE);
    await viewer.sees('film: video 640x360');
    await viewer.sees('film: audio');
    expect(await at.state(info)).toMatchObject({
      status: Status.ENDPOINT_PUBLISHING,
      error: '',
      video: { mimeType: 'video/H264', width: 640, height: 360, framerate: 30 },
      audio: { mimeType: 'audio/aac', channels: 1, sampleRate: 44_100 },
      tracks: [{ type: 0 }, { type: 1 }],
      roomId: expect.stringMatching(/^RM_/),
    });
    expect(commandLines()).not.toContain('open-sesame');
    // 6 s, and what passed until the viewer had subscribed.
    await viewer.sees('film: picture 120');
    await viewer.sees('film: left');
    await at.untilStatus(info, Status.ENDPOINT_COMPLETE);
    expect(Number((await at.state(info))?.endedAt)).toBeGreaterThan(0);
  });

  it.each([
    ['a playlist', () => films.url('live.m3u8')],
    ['a playlist that comes with TLS', () => films.secureUrl('live.m3u8')],
    ['a playlist whose parts are elsewhere, with TLS', () => films.url('secure.m3u8')],
  ])('may come in the parts of %s', async (_, url) => {
    const viewer = await at.watch('parts');
    const before = films.requests().length;
    const info = await pull('parts', url());
    await at.untilStatus(info, Status.ENDPOINT_PUBLISHING);
    await viewer.sees('film: picture 120');
    await viewer.sees('film: audio');
    await at.untilStatus(info, Status.ENDPOINT_COMPLETE);
    const parts = films
      .requests()
      .slice(before)
      .filter((request) => request.endsWith('.ts'));
    expect(new Set(parts).size).toBe(3);
  });

  it('may be of VP8 and Opus', async () => {
    const viewer = await at.watch('open');
    const info = await pull('open', films.url('film.webm'));
    await at.untilStatus(info, Status.ENDPOINT_PUBLISHING);
    await viewer.sees('film: picture 60');
    await viewer.sees('film: audio');
    expect(await at.state(info)).toMatchObject({
      video: { mimeType: 'video/VP8', width: 640, height: 360, framerate: 30 },
      audio: { mimeType: 'audio/opus', sampleRate: 48_000 },
    });
  });

  it('may be sound alone', async () => {
    const viewer = await at.watch('radio');
    const info = await pull('radio', films.url('sound.mp3'));
    await at.untilStatus(info, Status.ENDPOINT_PUBLISHING);
    await viewer.sees('film: audio');
    expect((await at.state(info))?.tracks.map(({ type }) => type)).toEqual([0]);
  });

  it('is cut by deleting its ingress', async () => {
    const viewer = await at.watch('cut');
    const info = await pull('cut', films.url('film.mp4'));
    await viewer.sees('film: picture 30');
    await at.api.deleteIngress(info.ingressId);
    await viewer.sees('film: left');
    await expect(at.state(info)).rejects.toMatchObject({ code: 'not_found' });
  });

  it('cannot be changed, as with upstream', async () => {
    const info = await pull('unchanged', films.url('film.mp4'));
    await expect(at.api.updateIngress(info.ingressId, { name: 'other' })).rejects.toMatchObject({
      code: 'invalid_argument',
    });
  });
});

describe('a URL', () => {
  it.each([
    ['that leads nowhere', () => films.url('none.mp4'), /cannot be pulled: \S+ answers with 404\.$/],
    ['that nobody serves', () => `http://${ownAddress()}:9/film.mp4`, /the connection was refused\.$/],
    ['to no film', () => films.url('text.txt'), /^The URL cannot be pulled: /],
    [
      'to the worker itself',
      () => 'http://127.0.0.1:7880/',
      /127\.0\.0\.1 is an address that no URL may reach\.$/,
    ],
    ["to a cloud's secrets", () => 'http://169.254.169.254/latest', /is an address that no URL may reach\.$/],
    ['of somebody else', () => films.strangeUrl('film.mp4'), /cannot be reached: self-signed certificate\.$/],
    ['whose film breaks off', () => films.url('broken.mp4'), /^The URL's stream broke off: /],
  ])('%s is an error that the API shows', async (_, url, words) => {
    const info = await pull('nowhere', url());
    await at.untilStatus(info, Status.ENDPOINT_ERROR);
    expect((await at.state(info))?.error).toMatch(words);
  });

  it('of SRT is refused at once, in words', async () => {
    await expect(pull('srt', 'srt://example.org:9000')).rejects.toMatchObject({
      code: 'unimplemented',
      message: expect.stringContaining('needs the upstream flavour'),
    });
  });
});
