import { execa } from 'execa';

/** Whether there is a program of this name. */
export async function hasProgram(name: string): Promise<boolean> {
  const { exitCode } = await execa('sh', ['-c', 'command -v "$0"', name], { reject: false });
  return exitCode === 0;
}
