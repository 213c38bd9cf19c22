// Digests in a copy of the sample app, from a recorded list.

import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { nowwhat, root } from './run-cli.ts';

const folder = mkdtempSync(join(tmpdir(), 'nowwhat-pin-'));
const app = join(folder, 'k8s');
const list = join(folder, 'digests.txt');
const digest = `sha256:${'a'.repeat(64)}`;

beforeEach(() => {
  rmSync(app, { recursive: true, force: true });
  cpSync(join(root, 'examples/shop/k8s'), app, { recursive: true });
  writeFileSync(list, `postgres:15=${digest}\nfluent/fluent-bit:2.2.0=${digest}\n`);
});
afterAll(() => rmSync(folder, { recursive: true }));

function images(): string[] {
  const report = JSON.parse(nowwhat(['pin', app, '--digests', list, '-o', 'json']).out);
  return report.pinned.map(({ image }: { image: string }) => image);
}

describe('pin', () => {
  it('shows the edits, writes them where told to, and finds nothing more to do', () => {
    const known = images();
    expect(known.length).toBeGreaterThan(0);
    const shown = nowwhat(['pin', app, '--digests', list]);
    expect(shown.status).toBe(1);
    expect(shown.out).toContain(`@${digest}`);
    expect(readFileSync(join(app, 'postgres.yaml'), 'utf8')).not.toContain(digest);
    nowwhat(['pin', app, '--digests', list, '--write']);
    expect(images()).toEqual([]);
    const findings = JSON.parse(nowwhat(['check', app, '-o', 'json', '--check', 'image-not-digest']).out).findings;
    const texts = findings.map(({ message }: { message: string }) => message).join('\n');
    for (const image of known) expect(texts).not.toContain(`"${image}"`);
  });

  it('tells what it knows no digest of, and leaves it alone', () => {
    const { out, status } = nowwhat(['pin', app, '--digests', list]);
    expect(status).toBe(1);
    expect(out).toMatch(/Not pinned\n +\S+ {2}.*digests\.txt does not/);
  });

  it('asks nobody for an image that is never pulled, and says what to do first', () => {
    const file = join(folder, 'never.yaml');
    const container = '{name: a, image: "127.0.0.1:1/web:1", imagePullPolicy: Never}';
    writeFileSync(file, `apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: [${container}]}\n`);
    writeFileSync(list, `127.0.0.1:1/web:1=${digest}\n`);
    for (const source of [[], ['--digests', list]]) {
      const { pinned, unpinned } = JSON.parse(nowwhat(['pin', file, ...source, '-o', 'json']).out);
      expect(pinned).toEqual([]);
      expect(unpinned).toMatchObject([
        { image: '127.0.0.1:1/web:1', reason: expect.stringContaining('push it to one') },
      ]);
    }
  });

  it('refuses two sources at once, and a list that is none', () => {
    expect(nowwhat(['pin', app, '--digests', list, '--context', 'x']).err).toContain('invalid-option');
    writeFileSync(list, 'what?\n');
    const { err, status } = nowwhat(['pin', app, '--digests', list]);
    expect(status).toBe(2);
    expect(err).toContain('invalid-digests');
  });
});
