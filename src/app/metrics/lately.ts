/** The range that ends now, in seconds since 1970, with as many steps as a picture has columns. */
export function lately(options: { seconds: number; columns: number; now: Date }): {
  from: number;
  to: number;
  step: number;
} {
  const { seconds, columns, now } = options;
  const step = Math.max(1, Math.ceil(seconds / columns));
  // What came just now counts, so the last step ends now and not at a round moment before.
  const to = Math.floor(now.getTime() / 1000);
  return { from: to - Math.ceil(seconds / step) * step, to, step };
}
