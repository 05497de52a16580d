/** Whoever changes what is arc's own in a database holds this lock: the letters of `arc`, and a number for what. */
export const advisoryLock = {
  migrations: [0x617263, 1],
  health: [0x617263, 2],
  provision: [0x617263, 3],
} as const;
