/** What `build`, `tag`, `push` and `publish` are given. */
export const imagesArgument = {
  flags: '[images...]',
  description: 'services or containers, by role or by name; all images of the workspace where absent',
} as const;
