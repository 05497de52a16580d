import { Canvas } from './canvas.ts';
import { fitted, gridTiles } from './grid.ts';
import { blackPicture, type I420, sizedPicture } from './pictures.ts';
import { FrameSlots } from './slots.ts';
import { SpeakerOrder } from './speaker-order.ts';

/** Who shows something. */
export type Shown = { sid: string; identity: string };

/** What the recording shows: pictures of tracks go in as they arrive, one picture for each slot comes out. */
export type View = {
  /** @param seconds since the recording began */
  push: (track: Shown, picture: I420, seconds: number) => void;
  /** @returns bytes for the encoder; asked for in order */
  at: (slot: number) => Buffer;
  /** The track shows nothing, until it does again. */
  remove: (sid: string) => void;
  speakers: (identities: readonly string[], seconds: number) => void;
};

type Size = { width: number; height: number; framesPerSecond: number };

/** One track, in its own size; ffmpeg fits it into the canvas. */
export function singleView({ width, height, framesPerSecond }: Size): View {
  const black = blackPicture(width, height);
  let slots = new FrameSlots<Buffer>(framesPerSecond);
  return {
    push: (_, picture, seconds) => slots.push(sizedPicture(picture), seconds),
    at: (slot) => slots.at(slot) ?? black,
    remove: () => {
      slots = new FrameSlots(framesPerSecond);
    },
    speakers: () => {},
  };
}

/** More would be too small to see. */
const mostTiles = 25;

/** All tracks beside each other, of as many participants as there is room for. */
export function gridView({ width, height, framesPerSecond }: Size): View {
  const tracks = new Map<string, { track: Shown; slots: FrameSlots<I420>; drawn: I420 | undefined }>();
  const order = new SpeakerOrder();
  const canvas = new Canvas(width, height);
  let image = canvas.copy();
  let arranged = '';

  return {
    push: (track, picture, seconds) => {
      const known = tracks.get(track.sid);
      const slots = known?.slots ?? new FrameSlots<I420>(framesPerSecond);
      if (!known) tracks.set(track.sid, { track, slots, drawn: undefined });
      slots.push(picture, seconds);
    },
    at: (slot) => {
      const present = [...tracks.values()].flatMap((entry) => {
        const picture = entry.slots.at(slot);
        return picture ? [{ entry, picture }] : [];
      });
      const identities = order.sorted(
        present.map(({ entry }) => entry.track.identity),
        slot / framesPerSecond,
      );
      const rank = new Map(identities.map((identity, index) => [identity, index]));
      const shown = present
        .sort((a, b) => (rank.get(a.entry.track.identity) ?? 0) - (rank.get(b.entry.track.identity) ?? 0))
        .slice(0, mostTiles);
      const tiles = gridTiles({ count: shown.length, width, height });
      const places = shown.flatMap(({ entry, picture }, index) => {
        const tile = tiles[index];
        return tile ? [{ entry, picture, place: fitted(tile, picture) }] : [];
      });
      // A track whose picture changes its shape leaves something of the old one behind.
      const arrangement = JSON.stringify(places.map(({ entry, place }) => [entry.track.sid, place]));
      const isNew = arrangement !== arranged;
      if (isNew) canvas.clear();
      arranged = arrangement;
      let isChanged = isNew;
      for (const { entry, picture, place } of places) {
        if (!isNew && entry.drawn === picture) continue;
        canvas.draw(picture, place);
        entry.drawn = picture;
        isChanged = true;
      }
      if (isChanged) image = canvas.copy();
      return image;
    },
    remove: (sid) => {
      tracks.delete(sid);
    },
    speakers: ([loudest], seconds) => order.heard(loudest, seconds),
  };
}
