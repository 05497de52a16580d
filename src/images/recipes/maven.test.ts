import { describe, expect, it } from 'vitest';
import { saysWhy } from './maven.ts';
import { checkArtifacts } from './maven-check.ts';
import { coordinatesOf, formatCoordinates, parseCoordinates, pathOf } from './maven-coordinates.ts';
import { parseMavenLock } from './maven-lock.ts';
import { projectOf } from './maven-pom.ts';

const [one, two, three] = ['1', '2', '3'].map((digit) => digit.repeat(64)) as [string, string, string];

describe('coordinates', () => {
  it.each([
    ['com.h2database:h2:2.3.232', 'com/h2database/h2/2.3.232/h2-2.3.232.jar'],
    [
      'org.apache.pulsar:pulsar-server-distribution:4.0.8:tar.gz:bin',
      'org/apache/pulsar/pulsar-server-distribution/4.0.8/pulsar-server-distribution-4.0.8-bin.tar.gz',
    ],
    [
      'io.netty:netty-transport-native-epoll:4.1.118.Final:jar:linux-x86_64',
      'io/netty/netty-transport-native-epoll/4.1.118.Final/netty-transport-native-epoll-4.1.118.Final-linux-x86_64.jar',
    ],
    ['a.b:c:1.0:zip', 'a/b/c/1.0/c-1.0.zip'],
  ])('%s name a file of a repository, and the file names them', (written, path) => {
    expect(pathOf(parseCoordinates(written))).toBe(path);
    const found = coordinatesOf(path);
    expect(found && formatCoordinates(found)).toBe(written);
  });

  it.each(['com/h2database/h2/maven-metadata-local.xml', 'com/h2database/h2/2.3.232/_remote.repositories'])(
    'are not in %s',
    (path) => {
      expect(coordinatesOf(path)).toBeUndefined();
    },
  );
});

describe('the project that Maven is given', () => {
  const artifacts = ['a.b:c:1.0', 'd:e:2:tar.gz:bin'];

  it('names each artefact by its version, type and classifier', () => {
    const text = projectOf({ artifacts, transitive: true });
    expect(text).toContain(
      '<artifactId>c</artifactId>\n      <version>1.0</version>\n      <type>jar</type>\n    </dep',
    );
    expect(text).toContain('<type>tar.gz</type>\n      <classifier>bin</classifier>');
    expect(text).not.toContain('exclusion');
  });

  it('leaves out what they depend on where there is no lock', () => {
    expect(projectOf({ artifacts, transitive: false }).match(/<exclusions>/g)).toHaveLength(2);
  });
});

describe('a lock file', () => {
  const parse = (text: string) => parseMavenLock({ file: 'services/a/maven.lock', text });

  it('has a line for each artefact, in any order', () => {
    expect(parse(`# made by a person\n${two}  d:e:2:tar.gz:bin\n\n${one}  a.b:c:1.0\r\n`)).toEqual({
      'a.b:c:1.0': one,
      'd:e:2:tar.gz:bin': two,
    });
  });

  it.each([
    ['a.b:c:1.0', 'A line of the lock file is not a SHA-256 in hex, two spaces and Maven coordinates.'],
    [`${one}  a.b:c`, 'A line of the lock file is not a SHA-256 in hex, two spaces and Maven coordinates.'],
    [`${one}  d:e:2`, 'd:e:2 is in the lock file twice.'],
  ])('that cannot be read says where: %s', (line, message) => {
    try {
      parse(`${two}  d:e:2\n${line}\n`);
    } catch (cause) {
      expect(cause).toMatchObject({
        status: 2,
        code: 'recipe-lock',
        message,
        problems: [{ location: { file: 'services/a/maven.lock', line: 2, column: 1, excerpt: line } }],
      });
      return;
    }
    expect.unreachable();
  });
});

describe('what Maven has fetched', () => {
  const step = { artifacts: { 'a.b:c:1.0': one }, lock: 'maven.lock', locked: { 'd:e:2': two } };
  const fetched = (written: string, sha256: string) => ({
    coordinates: parseCoordinates(written),
    file: '/x',
    sha256,
  });

  it('is taken where each file has its pinned hash', () => {
    checkArtifacts({ step, fetched: [fetched('a.b:c:1.0:jar', one), fetched('d:e:2', two)] });
  });

  it.each<[string, readonly ReturnType<typeof fetched>[], string, string]>([
    [
      'has another hash',
      [fetched('a.b:c:1.0', three), fetched('d:e:2', two)],
      'An artefact does not have the SHA-256 that the recipe pins.',
      `a.b:c:1.0 has ${three}, not ${one}`,
    ],
    [
      'is not in the lock file',
      [fetched('a.b:c:1.0', one), fetched('d:e:2', two), fetched('f:g:3', three)],
      'maven.lock lacks an artefact that the recipe needs.',
      `${three}  f:g:3`,
    ],
    [
      'is missing, although the lock file has it',
      [fetched('a.b:c:1.0', one)],
      'maven.lock names an artefact that nothing depends on.',
      `${two}  d:e:2`,
    ],
  ])('is refused where a file %s', (_case, files, message, line) => {
    expect(() => checkArtifacts({ step, fetched: files })).toThrow(
      expect.objectContaining({
        message,
        problems: [expect.objectContaining({ code: 'recipe-step-failed', detail: [line] })],
      }),
    );
  });
});

it("keeps the reason of Maven's failure, and not how it is used", () => {
  const lines = [
    '\u001b[0m[INFO] Scanning for projects...',
    '[INFO] BUILD FAILURE',
    '[ERROR] Failed to execute goal on project base: Could not find artifact a:b:jar:1 -> [Help 1]',
    '[ERROR] ',
    '[ERROR] To see the full stack trace of the errors, re-run Maven with the -e switch.',
    '[ERROR] Re-run Maven using the -X switch to enable full debug logging.',
    '[ERROR] For more information about the errors and possible solutions, please read the following articles:',
    '[ERROR] [Help 1] http://cwiki.apache.org/',
  ];
  expect(lines.filter(saysWhy)).toEqual([lines[2]]);
  expect(saysWhy('The JAVA_HOME environment variable is not defined correctly')).toBe(true);
});
