// Digests without a registry: from a recorded list, and from what the pods of a cluster run.

import { describe, expect, it } from 'vitest';
import { snapshotOf } from '../../inventory/snapshot-builder.ts';
import { parseImage } from '../../kube/images.ts';
import { UserError } from '../../model/index.ts';
import type { Resolve } from './image-name.ts';
import { digestsOfPods, parseRecorded } from './recorded-digests.ts';
import { parseLogins } from './registry-login.ts';

const one = `sha256:${'1'.repeat(64)}`;
const two = `sha256:${'2'.repeat(64)}`;

function ask(resolve: Resolve, text: string) {
  const image = parseImage(text);
  if (!image.valid) throw new Error(image.reason);
  return resolve(image);
}

describe('a recorded list', () => {
  it('is matched by what the images mean, not by how they are written', async () => {
    const resolve = parseRecorded(
      'digests.txt',
      `# from the pipeline\r\n\nnginx:1.27=${one}\nquay.io/team/web@${two}\n`,
    );
    expect(await ask(resolve, 'docker.io/library/nginx:1.27')).toEqual({ digest: one, source: 'digests.txt' });
    expect(await ask(resolve, 'quay.io/team/web:latest')).toMatchObject({ digest: two });
    expect(await ask(resolve, 'nginx:1.28')).toEqual({ reason: 'digests.txt does not tell it' });
  });

  it('that contradicts itself pins nothing', async () => {
    const resolve = parseRecorded('d', `web:1=${one}\nweb:1=${two}\n`);
    expect(await ask(resolve, 'web:1')).toMatchObject({ reason: expect.stringContaining('tells 2 digests') });
    expect(await ask(parseRecorded('d', `web:1=${one}\nweb:1=${one}\n`), 'web:1')).toMatchObject({ digest: one });
  });

  it.each(['web:1', 'web:1=sha256:12', `web:1=sha512:${'1'.repeat(128)}`, `Web Two=${one}`, `=${one}`])(
    'with the line %j is refused with its place',
    (line) => {
      expect(() => parseRecorded('d.txt', `\n${line}\n`)).toThrow(UserError);
      expect(() => parseRecorded('d.txt', `\n${line}\n`)).toThrow(/^d\.txt:2 /);
    },
  );
});

function pod(name: string, image: string, imageId: string): string {
  return `---\napiVersion: v1\nkind: Pod\nmetadata: {name: ${name}}\nspec: {containers: [{name: web, image: "${image}"}]}\nstatus: {containerStatuses: [{name: web, imageID: "${imageId}"}]}\n`;
}

describe('the pods of a cluster', () => {
  const resolve = (text: string): Resolve => digestsOfPods(snapshotOf(text).objects, 'prod');

  it.each([`docker.io/library/nginx@${one}`, `docker-pullable://nginx@${one}`])(
    'tell by %s what they run',
    async (id) => {
      expect(await ask(resolve(pod('a', 'nginx:1.27', id)), 'nginx:1.27')).toEqual({
        digest: one,
        source: 'cluster prod',
      });
    },
  );

  it.each([one, `docker://${one}`, `other/nginx@${one}`, ''])(
    'tell nothing by %j, which no other node can pull',
    async (id) => {
      expect(await ask(resolve(pod('a', 'nginx:1.27', id)), 'nginx:1.27')).toHaveProperty('reason');
    },
  );

  it('that run two contents of one tag do not decide', async () => {
    const text = pod('a', 'web/web:1', `web/web@${one}`) + pod('b', 'web/web:1', `web/web@${two}`);
    expect(await ask(resolve(text), 'web/web:1')).toHaveProperty('reason');
  });
});

describe('logins', () => {
  it('are found as docker keeps them', () => {
    const auths = {
      'https://index.docker.io/v1/': { auth: 'aHVi' },
      'quay.io': { username: 'a', password: 'b' },
      'ghcr.io': {},
    };
    const logins = parseLogins(JSON.stringify({ auths }));
    expect(logins('docker.io')).toBe('Basic aHVi');
    expect(logins('quay.io')).toBe(`Basic ${Buffer.from('a:b').toString('base64')}`);
    expect(logins('ghcr.io')).toBeUndefined();
    expect(logins('example.com')).toBeUndefined();
    expect(parseLogins('not json')('quay.io')).toBeUndefined();
  });
});
