/** The argument of `build`, `tag`, `push` and `publish`. */
export const imagesArgument = {
  flags: '[images...]',
  description: 'services or containers, by role or name (default: all images of the workspace)',
} as const;
