/** Protects changes to arc's own tables in a database: the letters of `arc`, and a number for the purpose. */
export const advisoryLock = {
  migrations: [0x617263, 1],
  health: [0x617263, 2],
  provision: [0x617263, 3],
} as const;
