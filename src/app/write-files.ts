import type { FileSource } from '../platform/docker/drivers/run.ts';
import type { BootableStack } from '../stack/model.ts';
import { keepCertificates } from '../workspace/authority/store.ts';
import { closedMounts, openMounts } from '../workspace/mount-rights.ts';
import { removeRendered, writeRuntimeConfig } from '../workspace/runtime-config.ts';
import type { PlannedWrite } from '../workspace/write.ts';
import type { Context } from './context.ts';

/** The config files of a plan, on disk. */
export function fileSource(options: {
  context: Context;
  root: string;
  stack: Pick<BootableStack, 'containers' | 'keep'>;
  files: readonly PlannedWrite[];
}): FileSource {
  const { context, root, stack, files } = options;
  return {
    write: (path) => writeRuntimeConfig({ root, files: files.filter((file) => file.path === path) }),
    keep: async (certificate) => {
      keepCertificates({ root, files: stack.keep.filter(({ name }) => name === certificate) });
    },
    remove: async (path) => removeRendered({ root, path }),
    open: async (path) => {
      const closed = closedMounts({ root, stack }).filter((mount) => mount.path === path);
      for (const problem of openMounts({ root, closed })) context.emit({ type: 'warning', problem });
    },
  };
}

/** For plans that write no file. */
export const noFiles: FileSource = {
  write: async (path) => {
    throw new Error(`nobody knows what is to be written to ${path}`);
  },
  keep: async (certificate) => {
    throw new Error(`nobody knows the certificate ${certificate}`);
  },
  remove: async (path) => {
    throw new Error(`nobody knows why ${path} is to be removed`);
  },
  open: async (path) => {
    throw new Error(`nobody knows who reads ${path}`);
  },
};
