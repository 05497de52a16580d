/** How much goes on at the same time. */
export type Slots = { take: () => Promise<() => void> };

export function slotsOf(count: number): Slots {
  let free = count;
  const waiting: (() => void)[] = [];
  const giveBack = (): void => {
    const next = waiting.shift();
    if (next === undefined) free += 1;
    else next();
  };
  return {
    take: async () => {
      if (free > 0) free -= 1;
      else await new Promise<void>((resolve) => waiting.push(resolve));
      let isBack = false;
      return () => {
        if (isBack) return;
        isBack = true;
        giveBack();
      };
    },
  };
}
