/** What a track has told of its way through this machine, added up since it began: seconds of delay, and of how many samples or pictures. */
export type DelayReport = { delay: number; count: number };

/** How fast a picture may move against the sound, in seconds a second: one picture of 30 in a second and a half. */
const fastest = 0.02;
/** More than this no picture is moved, whatever is told. Seconds. */
const farthest = 0.2;

/**
 * How much later the pictures of somebody are to be seen, so that they fit to what is heard. WebRTC delays sound by what the
 * network's jitter needs, and changes that as it goes on; it delays pictures by something else; and both can be known.
 */
export class LipSync {
  #audio = new Delay();
  #video = new Delay();
  #shift: number | undefined;
  #at = 0;

  audio(report: DelayReport): void {
    this.#audio.report(report);
  }

  video(report: DelayReport): void {
    this.#video.report(report);
  }

  /** @param seconds any clock @returns seconds, to be added to the time of a picture */
  shift(seconds: number): number {
    const [sound, picture] = [this.#audio.mean, this.#video.mean];
    if (sound === undefined || picture === undefined) return this.#shift ?? 0;
    const wanted = Math.max(-farthest, Math.min(farthest, sound - picture));
    const most = (seconds - this.#at) * fastest;
    this.#at = seconds;
    const before = this.#shift;
    this.#shift = before === undefined ? wanted : before + Math.max(-most, Math.min(most, wanted - before));
    return this.#shift;
  }
}

/** The mean of what lies between two reports. */
class Delay {
  mean: number | undefined;
  #last: DelayReport = { delay: 0, count: 0 };

  report(report: DelayReport): void {
    const count = report.count - this.#last.count;
    // Counters that begin anew are those of another track.
    if (count > 0) this.mean = (report.delay - this.#last.delay) / count;
    this.#last = report;
  }
}
