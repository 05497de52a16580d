import { freemem, totalmem } from 'node:os';

/** Bytes. `total` is what this process may use, so a container's limit counts; `limited` says that there is one. */
export type Memory = { total: number; available: number; limited: boolean };

/**
 * Memory of this machine, or of the control group (v1 or v2) that this process is confined to.
 */
export function readMemory(): Memory {
  const machine = totalmem();
  // Without a limit it is 0, or an enormous number.
  const constrained = process.constrainedMemory();
  const limited = constrained > 0 && constrained < machine;
  return {
    total: limited ? constrained : machine,
    available: limited ? process.availableMemory() : freemem(),
    limited,
  };
}
