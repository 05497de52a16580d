import { expect, test } from 'vitest';
import { lastIn } from './replay.ts';

const ledger = (ledgerId: number, entries: number) => ({ ledgerId, entries });

test('the last message is in the newest ledger, which does not tell its entries while it is open', () => {
  const ledgers = [ledger(3, 10), ledger(4, 0)];
  expect(lastIn({ ledgers, currentLedgerEntries: 2 })).toEqual({ ledger: 4n, entry: 1n });
});

test('the last message is in an older ledger where nothing was published since', () => {
  const ledgers = [ledger(3, 10), ledger(4, 0)];
  expect(lastIn({ ledgers, currentLedgerEntries: 0 })).toEqual({ ledger: 3n, entry: 9n });
});

test('there is none where everything was deleted', () => {
  expect(lastIn({ ledgers: [ledger(4, 0)], currentLedgerEntries: 0 })).toBeUndefined();
  expect(lastIn({ ledgers: [], currentLedgerEntries: 0 })).toBeUndefined();
});
