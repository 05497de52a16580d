import { type Check, missing, ok } from '../check.ts';

/** The oldest Node that the libraries in arc run on, as in package.json, `engines`. */
const oldest = [22, 22] as const;

export const nodeCheck: Check = {
  id: 'node',
  examine: async ({ machine }) => {
    const [major = 0, minor = 0] = machine.nodeVersion.split('.').map(Number);
    if (major > oldest[0] || (major === oldest[0] && minor >= oldest[1])) {
      return ok(`Node.js ${machine.nodeVersion}`);
    }
    return missing({
      code: 'node-too-old',
      message: `arc needs Node.js ${oldest.join('.')} or newer; this is ${machine.nodeVersion}.`,
      suggestion: 'install a newer Node.js, or start arc with its launcher bin/arc',
    });
  },
};
