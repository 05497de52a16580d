import { checkbox, confirm, input, select } from '@inquirer/prompts';

/**
 * The questions that arc asks. In a file of their own, which is loaded when there is something to ask: taken straight
 * from a dynamic import, the bundle would hold every kind of prompt there is, and an editor's half a megabyte.
 */
export const prompts = { checkbox, confirm, input, select };
