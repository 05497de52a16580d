import { describeLosses } from '../app/losses.ts';
import type { ServerLoss } from '../providers/provider.ts';

/** Sentence about what was lost with consent: `Lost: 2 rooms, 5 participants (realtime).` */
export function lostText(losses: readonly ServerLoss[]): readonly string[] {
  return losses.length === 0 ? [] : [`Lost: ${describeLosses(losses)}.`];
}
