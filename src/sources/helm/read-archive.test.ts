import { gzipSync } from 'node:zlib';
import { join } from 'node:path';
import { pack } from 'tar-stream';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../../test/programs/temporary-folder.ts';
import { ArchiveTooLarge, readArchive } from './read-archive.ts';
import { openArchive } from './template-files.ts';

async function archiveOf(files: Readonly<Record<string, string | Buffer>>): Promise<Buffer> {
  const tar = pack();
  for (const [name, content] of Object.entries(files)) tar.entry({ name }, content);
  tar.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of tar) chunks.push(chunk as Buffer);
  return gzipSync(Buffer.concat(chunks));
}

async function write(content: Buffer): Promise<string> {
  return join(temporaryFolder({ 'a.tgz': content }), 'a.tgz');
}

describe('reading an archive', () => {
  it('keeps what leads to templates and leaves the rest', async () => {
    const path = await write(
      await archiveOf({
        'shop/Chart.yaml': 'name: shop',
        './shop/templates/a.yaml': 'a',
        'shop/README.md': 'x',
        'shop/charts/b-1.tgz': Buffer.from('z'),
      }),
    );
    const { texts, archives } = await readArchive(path, 10_000);
    expect([...texts.keys()]).toEqual(['shop/Chart.yaml', 'shop/templates/a.yaml']);
    expect([...archives.keys()]).toEqual(['shop/charts/b-1.tgz']);
  });

  it('stops unpacking at the limit', async () => {
    const path = await write(await archiveOf({ 'shop/templates/zeros.yaml': Buffer.alloc(5_000_000) }));
    await expect(readArchive(path, 1_000_000)).rejects.toBeInstanceOf(ArchiveTooLarge);
  });

  it('leads into an archive inside an archive', async () => {
    const inner = await archiveOf({ 'redis/Chart.yaml': 'name: redis', 'redis/templates/r.yaml': 'kind: R' });
    const outer = await archiveOf({
      'shop/Chart.yaml': 'name: shop\ndependencies: [{name: redis, alias: cache}]',
      'shop/charts/redis-1.0.tgz': inner,
    });
    const opened = await openArchive('shop.tgz', 1_000_000, await write(outer));
    const file = 'shop.tgz/shop/charts/redis-1.0.tgz/redis/templates/r.yaml';
    expect(await opened?.templates.find('shop/charts/cache/templates/r.yaml')).toEqual({ file, text: 'kind: R' });
    expect(await opened?.templates.find('shop/templates/none.yaml')).toBeUndefined();
  });

  it.each([
    ['no gzip', Buffer.from('plain')],
    ['half of one', gzipSync(Buffer.alloc(4000)).subarray(0, 20)],
    ['no tar', gzipSync(Buffer.from('plain text, no archive'))],
    ['nothing', Buffer.alloc(0)],
  ])('takes %s for no chart', async (_, content) => {
    expect(await openArchive('a.tgz', 1000, await write(content))).toBeUndefined();
  });
});
