/** Notices when something has been silent for too long. */
export type SilenceWatch = {
  /** Aborted when it was silent for too long. */
  signal: AbortSignal;
  /** Silence counts from here on. */
  begin: () => void;
  heard: () => void;
  stop: () => void;
};

/** @param options.idleMilliseconds the longest silence; any where absent */
export function watchSilence(options: { idleMilliseconds: number | undefined }): SilenceWatch {
  const { idleMilliseconds } = options;
  const controller = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  let isOver = false;
  return {
    signal: controller.signal,
    begin: () => {
      if (idleMilliseconds === undefined || isOver) return;
      timer = setTimeout(() => controller.abort(), idleMilliseconds);
    },
    heard: () => void timer?.refresh(),
    stop: () => {
      isOver = true;
      clearTimeout(timer);
    },
  };
}
