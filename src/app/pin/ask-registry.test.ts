// Digests from a registry over real HTTP: with a token, with a password, with neither; and what must never be sent.

import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { answerJson, listenOnLoopback, type Respond } from '../../../test/kubernetes/loopback-server.ts';
import { parseImage } from '../../kube/images.ts';
import { askPresence, askRegistries } from './ask-registry.ts';
import { parseLogins } from './registry-login.ts';

const digest = `sha256:${'a'.repeat(64)}`;
const nobody = parseLogins('{}');

function ask(text: string, logins = nobody) {
  const image = parseImage(text);
  if (!image.valid) throw new Error(image.reason);
  return askRegistries(logins)(image);
}

describe('a registry', () => {
  it('tells the digest of a tag, for all platforms', async () => {
    const { port, asked } = await listenOnLoopback((_, response) => {
      response.writeHead(200, { 'docker-content-digest': digest }).end();
    });
    expect(await ask(`127.0.0.1:${port}/team/web:1.2`)).toEqual({ digest, source: `registry 127.0.0.1:${port}` });
    expect(asked).toMatchObject([{ method: 'HEAD', path: '/v2/team/web/manifests/1.2' }]);
    expect(asked[0]?.headers.accept).toMatch(/^application\/vnd\.oci\.image\.index\.v1\+json, .*manifest\.list/);
  });

  it('is asked once for each image, and for latest where there is no tag', async () => {
    const { port, asked } = await listenOnLoopback((_, response) => {
      response.writeHead(200, { 'docker-content-digest': digest }).end();
    });
    const resolve = askRegistries(nobody);
    const image = parseImage(`127.0.0.1:${port}/web`);
    if (!image.valid) throw new Error('no image');
    await Promise.all([resolve(image), resolve(image)]);
    expect(asked.map(({ path }) => path)).toEqual(['/v2/web/manifests/latest']);
  });

  it('that does not tell the digest gives the bytes that it is of', async () => {
    const manifest = '{"schemaVersion":2}';
    const { port } = await listenOnLoopback((_, response) => {
      response.writeHead(200).end(manifest);
    });
    const expected = `sha256:${createHash('sha256').update(manifest).digest('hex')}`;
    expect(await ask(`127.0.0.1:${port}/web:1`)).toMatchObject({ digest: expected });
  });

  it('with a login gives a token first, for this repository, and gets the password nowhere else', async () => {
    const respond: Respond = ({ path, headers }, response) => {
      if (path === '/token') answerJson(response, { token: 'secret-token' });
      else if (headers.authorization === 'Bearer secret-token')
        response.writeHead(200, { 'docker-content-digest': digest }).end();
      else {
        const realm = `http://${headers.host}/token`;
        const challenge = `Bearer realm="${realm}",service="registry.test",scope="repository:team/web:pull"`;
        response.writeHead(401, { 'www-authenticate': challenge }).end();
      }
    };
    const { port, asked } = await listenOnLoopback(respond);
    const auth = Buffer.from('ann:hunter2').toString('base64');
    const logins = parseLogins(JSON.stringify({ auths: { [`127.0.0.1:${port}`]: { auth } } }));
    expect(await ask(`127.0.0.1:${port}/team/web:1`, logins)).toMatchObject({ digest });
    expect(asked.map(({ path, headers }) => [path, headers.authorization])).toEqual([
      ['/v2/team/web/manifests/1', undefined],
      ['/token', `Basic ${auth}`],
      ['/v2/team/web/manifests/1', 'Bearer secret-token'],
    ]);
    expect(Object.fromEntries(asked[1]?.query ?? [])).toEqual({
      service: 'registry.test',
      scope: 'repository:team/web:pull',
    });
  });

  it('gives a token without a login too, as Docker Hub does', async () => {
    const { port, asked } = await listenOnLoopback(({ path, headers }, response) => {
      if (path === '/token') answerJson(response, { access_token: 'open' });
      else if (headers.authorization === 'Bearer open')
        response.writeHead(200, { 'docker-content-digest': digest }).end();
      else response.writeHead(401, { 'www-authenticate': `Bearer realm="http://${headers.host}/token"` }).end();
    });
    expect(await ask(`127.0.0.1:${port}/web:1`)).toMatchObject({ digest });
    expect(asked[1]?.headers.authorization).toBeUndefined();
    expect(asked[1]?.query.get('scope')).toBe('repository:web:pull');
  });

  it.each([
    ['http://evil.example/token', 'which is no safe address'],
    ['not a url', 'which is no safe address'],
  ])('that wants the login at %s does not get it', async (realm, reason) => {
    const { port, asked } = await listenOnLoopback((_, response) => {
      response.writeHead(401, { 'www-authenticate': `Bearer realm="${realm}"` }).end();
    });
    expect(await ask(`127.0.0.1:${port}/web:1`)).toMatchObject({ reason: expect.stringContaining(reason) });
    expect(asked).toHaveLength(1);
  });

  it.each([
    [404, 'it has no "web:1"'],
    [403, 'it does not let you read this image'],
    [429, 'it has had enough requests from here for now'],
    [500, 'it answers with 500'],
  ])('that answers %i is told by its reason', async (status, reason) => {
    const { port } = await listenOnLoopback((_, response) => {
      response.writeHead(status).end();
    });
    expect(await ask(`127.0.0.1:${port}/web:1`)).toEqual({ reason: `registry 127.0.0.1:${port}: ${reason}` });
  });

  it('that asks for a password there is none for says so', async () => {
    const { port } = await listenOnLoopback((_, response) => {
      response.writeHead(401, { 'www-authenticate': 'Basic realm="x"' }).end();
    });
    expect(await ask(`127.0.0.1:${port}/web:1`)).toMatchObject({ reason: expect.stringContaining('config.json') });
  });

  it('that is not there is told', async () => {
    expect(await ask('127.0.0.1:1/web:1')).toEqual({ reason: 'registry 127.0.0.1:1 does not answer' });
  });
});

describe('whether a registry has an image', () => {
  const presence = (text: string) => {
    const image = parseImage(text);
    if (!image.valid) throw new Error(image.reason);
    return askPresence(image, nobody);
  };

  it('is asked with the digest where there is one, and three answers are told apart', async () => {
    const { port, asked } = await listenOnLoopback(({ path }, response) => {
      response.writeHead(path.endsWith('/gone') ? 404 : path.endsWith('/secret') ? 403 : 200).end();
    });
    const base = `127.0.0.1:${port}/web`;
    expect(await presence(`${base}:1@${digest}`)).toEqual({ state: 'there' });
    expect(asked.map(({ path }) => path)).toContain(`/v2/web/manifests/${digest}`);
    expect(await presence(`${base}:gone`)).toMatchObject({ state: 'missing' });
    expect(await presence(`${base}:secret`)).toMatchObject({ state: 'unknown' });
    expect(await presence('127.0.0.1:1/web:1')).toEqual({
      state: 'unknown',
      reason: 'registry 127.0.0.1:1 does not answer',
    });
  });
});
