import { type IngressInfo, IngressState_Status as Status } from '@livekit/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FilmServer, serveFilms } from '../support/film-server.ts';
import { type IngressStage, openIngressStage } from '../support/ingress-stage.ts';
import { until } from '../support/until.ts';

// Embedded ingress workers that share the work. The one that is there has cores for one stream of 640×360 and no second.

let at: IngressStage;
let films: FilmServer;
beforeAll(async () => {
  films = await serveFilms();
  at = await openIngressStage({ environment: { INGRESS_CORES: '0.4' } });
});
afterAll(async () => {
  await at?.close();
  await films?.close();
});

const pull = (room: string): Promise<IngressInfo> => at.pull(room, films.url('film.mp4'));

const another = { rtmp: 1936, health: 7890 };

/** What a test before has left behind is over. */
const hasRoom = () => until({ what: 'room', ask: async () => (await at.health('/availability')) === 200 });

describe('a worker with as many streams as it can carry', () => {
  it('takes no other, says so in each protocol, and is free again when one is over', async () => {
    const info = await at.create('full');
    await hasRoom();
    const encoder = at.push(info.streamKey);
    await at.untilStatus(info, Status.ENDPOINT_PUBLISHING);
    expect(await at.health('/availability')).toBe(503);
    expect(await at.health('/')).toBe(200);
    const second = await at.create('full', 'second');
    const { said } = await at.push(second.streamKey).ended;
    expect(said).toContain('this worker has as many streams as it can carry');
    expect(await at.state(second)).toMatchObject({
      status: Status.ENDPOINT_ERROR,
      error: 'server capacity exceeded',
    });
    await expect(pull('full')).rejects.toMatchObject({ code: 'unavailable' });
    await encoder.stop();
    await at.untilStatus(info, Status.ENDPOINT_INACTIVE);
    await hasRoom();
  });

  it('lets its encoder come back all the same', async () => {
    await hasRoom();
    const info = await at.create('back');
    const first = at.push(info.streamKey);
    await at.untilStatus(info, Status.ENDPOINT_PUBLISHING);
    const viewer = await at.watch('back');
    at.push(info.streamKey);
    expect((await first.ended).exitCode).not.toBe(0);
    await viewer.sees('camera: left');
    await viewer.sees('camera: picture 30');
  });

  it('leaves a URL to another worker', async () => {
    const other = await at.startAnother({ environment: {}, at: another });
    await hasRoom();
    const info = await at.create('left');
    at.push(info.streamKey);
    await at.untilStatus(info, Status.ENDPOINT_PUBLISHING);
    const film = await pull('left');
    await at.untilStatus(film, Status.ENDPOINT_PUBLISHING);
    expect(other.logged()).toContain(film.ingressId);
  });
});

describe('a worker that is to stand back', () => {
  it('leaves a URL to the other one as long as that has room, and takes the next', async () => {
    await hasRoom();
    const behind = await at.startAnother({ environment: { INGRESS_AFFINITY: '0.2' }, at: another });
    const [first, second] = [await pull('shared'), await pull('shared')];
    await at.untilStatus(second, Status.ENDPOINT_PUBLISHING);
    expect(behind.logged()).not.toContain(first.ingressId);
    expect(behind.logged()).toContain(second.ingressId);
  });
});
