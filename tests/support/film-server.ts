import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { execa } from 'execa';

/** A web server with films, as somebody's who is pulled from. */
export type FilmServer = {
  /**
   * `film.mp4` (6 s), `sound.mp3`, `film.webm`, `live.m3u8` (HLS), `secure.m3u8` (whose parts are elsewhere, with TLS),
   * `broken.mp4` (ends in the middle, and for good), `text.txt`.
   */
  url: (name: string) => string;
  /** With a certificate that is trusted by whoever trusts `authority`. */
  secureUrl: (name: string) => string;
  /** With one that is trusted by nobody. */
  strangeUrl: (name: string) => string;
  /** A file for `NODE_EXTRA_CA_CERTS`. */
  authority: string;
  /** What was asked for: `GET /film.mp4`. */
  requests: () => string[];
  close: () => Promise<void>;
};

/** Another address of this machine than its loopback, which no URL may reach. */
export function ownAddress(): string {
  const addresses = Object.values(networkInterfaces()).flat();
  const found = addresses.find((one) => one?.family === 'IPv4' && !one.internal);
  if (!found) throw new Error('These tests need an address of this machine beside 127.0.0.1.');
  return found.address;
}

async function makeFilms(folder: string): Promise<void> {
  const ffmpeg = (...args: string[]) =>
    execa('ffmpeg', ['-hide_banner', '-loglevel', 'error', ...args], { cwd: folder });
  const picture = ['-f', 'lavfi', '-i', 'testsrc=size=640x360:rate=30'];
  const tone = ['-f', 'lavfi', '-i', 'sine=frequency=440:sample_rate=44100'];
  // B-frames, a whole picture every second, and the index at the end: as most films are.
  const codecs = '-t 6 -c:v libx264 -preset veryfast -g 30 -bf 2 -pix_fmt yuv420p -c:a aac'.split(' ');
  await ffmpeg(...picture, ...tone, ...codecs, 'film.mp4');
  await ffmpeg('-i', 'film.mp4', '-vn', '-c:a', 'libmp3lame', 'sound.mp3');
  await writeFile(join(folder, 'text.txt'), 'This is no film.');
  await ffmpeg('-i', 'film.mp4', '-c', 'copy', '-movflags', 'faststart', 'broken.mp4');
  await ffmpeg('-i', 'film.mp4', ...'-c copy -f hls -hls_time 2 -hls_playlist_type vod live.m3u8'.split(' '));
  const vp8 = '-c:v libvpx -deadline realtime -cpu-used 8 -b:v 500k -c:a libopus'.split(' ');
  await ffmpeg('-i', 'film.mp4', ...vp8, 'film.webm');
}

async function makeCertificate(folder: string, name: string): Promise<{ key: Buffer; cert: Buffer }> {
  const [key, cert] = [join(folder, `${name}.key`), join(folder, `${name}.crt`)];
  const self = ['-subj', `/CN=${name}`, '-addext', `subjectAltName=IP:${ownAddress()}`];
  const made = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-keyout', key, '-out', cert];
  await execa('openssl', [...made, ...self]);
  return { key: await readFile(key), cert: await readFile(cert) };
}

async function listening(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, resolve));
  return (server.address() as AddressInfo).port;
}

export async function serveFilms(): Promise<FilmServer> {
  const folder = await mkdtemp(join(tmpdir(), 'arc-films-'));
  await makeFilms(folder);
  const requests: string[] = [];
  const handle: RequestListener = async (request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://films');
    requests.push(`${request.method} ${request.url}`);
    const bytes = await readFile(join(folder, basename(pathname))).catch(() => undefined);
    if (!bytes) {
      response.writeHead(404).end();
      return;
    }
    const [, from = '0'] = /bytes=(\d+)-/.exec(request.headers.range ?? '') ?? [];
    const rest = bytes.subarray(Number(from));
    const range = `bytes ${from}-${bytes.length - 1}/${bytes.length}`;
    if (pathname !== '/broken.mp4') {
      response.writeHead(206, { 'content-length': rest.length, 'content-range': range }).end(rest);
    } else if (from === '0') {
      response.writeHead(206, { 'content-length': rest.length, 'content-range': range });
      response.write(rest.subarray(0, rest.length / 2), () => response.destroy());
    } else {
      response.destroy();
    }
  };
  const servers = [
    createServer(handle),
    createSecureServer(await makeCertificate(folder, 'trusted'), handle),
    createSecureServer(await makeCertificate(folder, 'strange'), handle),
  ];
  const [port, securePort, strangePort] = await Promise.all(servers.map(listening));
  const secure = `https://${ownAddress()}:${securePort}`;
  const playlist = await readFile(join(folder, 'live.m3u8'), 'utf8');
  await writeFile(join(folder, 'secure.m3u8'), playlist.replaceAll(/^live/gm, `${secure}/live`));
  return {
    url: (name) => `http://${ownAddress()}:${port}/${name}`,
    secureUrl: (name) => `${secure}/${name}`,
    strangeUrl: (name) => `https://${ownAddress()}:${strangePort}/${name}`,
    authority: join(folder, 'trusted.crt'),
    requests: () => requests,
    close: async () => {
      for (const server of servers) {
        server.closeAllConnections();
        await new Promise((resolve) => server.close(resolve));
      }
      await rm(folder, { recursive: true, force: true });
    },
  };
}
