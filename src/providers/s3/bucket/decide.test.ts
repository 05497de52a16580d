import { describe, expect, it } from 'vitest';
import { addressOf, type Resource } from '../../../core/resource.ts';
import { decideBucket } from './decide.ts';
import { fieldHash } from './fields.ts';
import type { BucketSpec, BucketState } from './model.ts';

const decide = decideBucket('arc');
const empty: BucketState = { versioning: false, lifecycle: [], policy: 'private', quotaBytes: 0 };
const marked = (applied = {}): BucketState => ({
  ...empty,
  mark: { project: 'arc', origin: 'made', applied },
});

function decided(spec: BucketSpec | undefined, state: BucketState | undefined) {
  const address = addressOf('bucket', 'recordings');
  const wanted: Resource<BucketSpec> | undefined = spec && { address, kind: 'bucket', spec, needs: [] };
  const seen = state && { state, needs: [] };
  return decide({ address, wanted, seen, decided: () => undefined });
}

const recordings = (fields: Omit<BucketSpec, 'name'> = {}): BucketSpec => ({ name: 'recordings', ...fields });

describe('a bucket that is declared', () => {
  it('is created where there is none', () => {
    expect(decided(recordings({ versioning: true }), undefined)).toMatchObject({
      kind: 'create',
      cause: 'no existing bucket',
      data: { fields: ['versioning'] },
    });
  });

  it('is kept where the server has what is declared, whatever else it has', () => {
    const state = { ...marked({ policy: fieldHash('private') }), versioning: true, quotaBytes: 7 };
    expect(decided(recordings({ policy: 'private' }), state)).toEqual({ kind: 'keep' });
  });

  it('is kept whatever the order of its rules on the server', () => {
    const one = { prefix: 'a/', expireDays: 1 };
    const two = { prefix: 'b/', expireDays: 2 };
    const state = { ...marked({ lifecycle: fieldHash([one, two]) }), lifecycle: [two, one] };
    expect(decided(recordings({ lifecycle: [one, two] }), state)).toEqual({ kind: 'keep' });
  });

  it('is changed in the fields that differ, each with before and after', () => {
    expect(decided(recordings({ versioning: true, quotaBytes: 5e9 }), marked())).toMatchObject({
      kind: 'change',
      cause: 'versioning: off → on; quota: none → 5 GB',
      changes: [
        { path: 'versioning', before: 'off', after: 'on' },
        { path: 'quota', before: 'none', after: '5 GB' },
      ],
      data: { fields: ['versioning', 'quotaBytes'] },
    });
  });

  it('says so where somebody has changed by hand what arc has set', () => {
    const state = marked({ versioning: fieldHash(true) });
    expect(decided(recordings({ versioning: true }), state)).toMatchObject({
      cause: 'versioning: off → on, changed by hand',
      changes: [{ path: 'versioning', before: 'off', after: 'on', byHand: true }],
    });
  });

  it('is marked anew where a field is no longer declared, and the field stays as it is', () => {
    const state = { ...marked({ versioning: fieldHash(true) }), versioning: true };
    expect(decided(recordings(), state)).toMatchObject({ kind: 'change', data: { fields: [] } });
  });

  it('is not asked for a quota that the server cannot have without being told so', () => {
    const { quotaBytes: _none, ...withoutQuotas } = marked();
    expect(decided(recordings({ quotaBytes: 5 }), withoutQuotas)).toMatchObject({
      cause: 'quota: none → 5 B',
    });
  });

  it('is refused where it belongs to another project', () => {
    const state: BucketState = { ...empty, mark: { project: 'shop', origin: 'made', applied: {} } };
    expect(decided(recordings(), state)).toMatchObject({
      kind: 'refuse',
      problem: { code: 'bucket-taken' },
    });
  });
});

describe('a bucket that nobody declares', () => {
  it('is removed where this project made it, with what is lost', () => {
    const state = { ...marked(), stored: { count: 12, earlier: 0, bytes: 4_000_000, more: false } };
    expect(decided(undefined, state)).toMatchObject({
      kind: 'delete',
      loses: [{ kind: 'data', text: '12 objects, 4 MB' }],
    });
  });

  it.each([
    ['somebody else made', empty],
    ['arc found', { ...empty, mark: { project: 'arc', origin: 'found', applied: {} } } as const],
    ['another project made', { ...empty, mark: { project: 'shop', origin: 'made', applied: {} } } as const],
  ])('is left alone where %s it', (_who, state) => {
    expect(decided(undefined, state)).toEqual({ kind: 'keep' });
  });
});
