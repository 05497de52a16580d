import { describe, expect, test } from 'vitest';
import { serviceText } from '../../../tests/fixtures/workspace.ts';
import { formatProblem } from '../../cli/output/format-problem.ts';
import { parseManifests } from '../parse.ts';

function parse(further: string, files: Readonly<Record<string, string>> = {}) {
  return parseManifests({
    files: new Map([
      ['services/storage/service.yaml', serviceText('storage', further)],
      ...Object.entries(files).map(([name, text]) => [`services/storage/${name}`, text] as const),
    ]),
  });
}

const shown = (...given: Parameters<typeof parse>) =>
  parse(...given)
    .problems.map((problem) => formatProblem(problem))
    .join('\n');

describe('what a manifest provisions', () => {
  test('is read by the schema of its kind: defaults filled in, sizes in bytes, what is not given left out', () => {
    const { manifests, problems } = parse(
      'provision:\n  - { kind: s3.bucket, name: aaa, quota: 2k, lifecycle: [{ expire_days: 3 }] }\n  - { kind: s3.bucket, name: b-2 }\n',
    );
    expect(problems).toEqual([]);
    expect(manifests?.services[0]?.provision).toEqual([
      { kind: 's3.bucket', name: 'aaa', fields: bucket, files: [], location: place(13) },
      { kind: 's3.bucket', name: 'b-2', fields: {}, files: [], location: place(14) },
    ]);
  });

  test('is also read from files, with the place in them', () => {
    const { manifests, problems } = parse('provision: [lists/buckets.yaml]\n', {
      'lists/buckets.yaml': '# two\n- { kind: s3.bucket, name: one }\n- { kind: s3.bucket, name: two }\n',
    });
    expect(problems).toEqual([]);
    expect(
      manifests?.services[0]?.provision.map(
        ({ name, location }) => `${name} ${location.file}:${location.line}`,
      ),
    ).toEqual(['one services/storage/lists/buckets.yaml:2', 'two services/storage/lists/buckets.yaml:3']);
  });

  test('is of a kind that is known, and has the fields of it', () => {
    expect(
      shown('provision:\n  - { kind: s3.bukket, name: aaa }\n  - { kind: s3.bucket, name: A, size: 1g }\n'),
    ).toMatchInlineSnapshot(`
      "error[unknown-kind] services/storage/service.yaml:13:13
        Nothing that arc can provision is of the kind "s3.bukket".
          13 |   - { kind: s3.bukket, name: aaa }
             |             ^
        help: did you mean "s3.bucket"?
      error[bad-value] services/storage/service.yaml:14:30
        "name" must be the name of a bucket: 3 to 63 small letters, digits, dots and dashes, not "A".
          14 |   - { kind: s3.bucket, name: A, size: 1g }
             |                              ^
        help: write it as in recordings
      error[unknown-field] services/storage/service.yaml:14:33
        "size" is not a field of an s3.bucket.
          14 |   - { kind: s3.bucket, name: A, size: 1g }
             |                                 ^
        help: its fields are kind, name, versioning, lifecycle, quota and policy"
    `);
  });

  test('is wrong in a file at its place there', () => {
    expect(
      shown('provision: [buckets.yaml, bukets.yaml]\n', {
        'buckets.yaml': '- { kind: s3.bucket }\n- recordings\n',
      }),
    ).toMatchInlineSnapshot(`
      "error[missing-field] services/storage/buckets.yaml:1:3
        "name" is missing; something provisioned needs it.
          1 | - { kind: s3.bucket }
            |   ^
        help: add \`name: recordings\`
      error[wrong-type] services/storage/buckets.yaml:2:3
        "[1]" must be something provisioned, not "recordings".
          2 | - recordings
            |   ^
      error[missing-file] services/storage/service.yaml:12:27
        The file services/storage/bukets.yaml does not exist.
          12 | provision: [buckets.yaml, bukets.yaml]
             |                           ^
        help: did you mean "buckets.yaml"?"
    `);
  });

  test('is there once, whichever file says it', () => {
    expect(
      shown('provision: [buckets.yaml, { kind: s3.bucket, name: aaa }]\n', {
        'buckets.yaml': '- { kind: s3.bucket, name: aaa }\n',
      }),
    ).toMatchInlineSnapshot(`
      "error[duplicate-provision] services/storage/service.yaml:12:52
        The s3.bucket aaa is provisioned twice; the other is in services/storage/buckets.yaml:1.
          12 | provision: [buckets.yaml, { kind: s3.bucket, name: aaa }]
             |                                                    ^
        help: remove one of the two"
    `);
  });
});

const bucket = { quota: 2048, lifecycle: [{ prefix: '', expire_days: 3 }] };

function place(line: number) {
  return expect.objectContaining({ file: 'services/storage/service.yaml', line, column: 5 });
}
