/** Right after a boot, whose own probes have found it healthy, the Engine has not looked yet. */
export function healthText({
  health,
  healthHasRun,
}: {
  health: string | null;
  healthHasRun: boolean | null;
}): string {
  return health === 'starting' && healthHasRun === false ? 'not checked yet' : (health ?? '');
}
