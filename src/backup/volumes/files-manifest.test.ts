import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fileLine, filesEnd, filesHeader, parseFilesLine, volumeLine } from './files-manifest.ts';

const name = fc.uint8Array({ minLength: 1, maxLength: 40 }).map((bytes) => Buffer.from(bytes));

describe('the manifest of files', () => {
  it('gives back what was written, whatever bytes a name has', () => {
    const file = fc.record({
      path: name,
      kind: fc.constantFrom('file', 'directory', 'link', 'other'),
      mode: fc.constantFrom('0644', '4755'),
      uid: fc.nat(),
      gid: fc.nat(),
      changed: fc.nat(),
      target: name,
    });
    fc.assert(
      fc.property(file, fc.boolean(), (listed, moving) => {
        const { changed: _changed, ...rest } = listed;
        const line = fileLine(listed, moving);
        expect(line.indexOf('\n')).toBe(line.length - 1);
        expect(parseFilesLine(line)).toEqual({ file: { ...rest, moving } });
      }),
    );
  });

  it('has a header, volumes and an end', () => {
    const volume = {
      namespace: 'shop',
      pod: 'db-0',
      name: 'data',
      node: 'a',
      claim: 'data-db-0',
      snapshot: 'f',
      bytes: 1,
      files: 1,
    };
    expect(parseFilesLine(filesHeader('b'))).toEqual({ backup: 'b' });
    expect(parseFilesLine(volumeLine(volume))).toEqual({ volume });
    expect(parseFilesLine(filesEnd(1, 2))).toEqual({ end: { volumes: 1, files: 2 } });
  });

  it.each(['', '{', '{"file":{}}', '{"schema":"nowwhat.dev/backup-files/v2","backup":"b"}'])('refuses %s', (line) => {
    expect(parseFilesLine(line)).toBeUndefined();
  });
});
