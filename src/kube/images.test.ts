import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findRetiredRegistry, type ImageReference, parseImage } from './images.ts';

const sha = `sha256:${'ab'.repeat(32)}`;

function read(text: string): ImageReference {
  const image = parseImage(text);
  if (!image.valid) throw new Error(`${text}: ${image.reason}`);
  return image;
}

describe('parseImage', () => {
  it.each([
    ['nginx', 'docker.io', 'library/nginx', undefined, undefined, 'nginx'],
    ['nginx:1.27', 'docker.io', 'library/nginx', '1.27', undefined, 'nginx:1.27'],
    ['docker.io/nginx', 'docker.io', 'library/nginx', undefined, undefined, 'nginx'],
    ['index.docker.io/acme/web:2', 'docker.io', 'acme/web', '2', undefined, 'acme/web:2'],
    ['acme/web', 'docker.io', 'acme/web', undefined, undefined, 'acme/web'],
    ['ghcr.io/acme/web/api:v1', 'ghcr.io', 'acme/web/api', 'v1', undefined, 'ghcr.io/acme/web/api:v1'],
    ['localhost/web', 'localhost', 'web', undefined, undefined, 'localhost/web'],
    ['localhost:5000/web:1', 'localhost:5000', 'web', '1', undefined, 'localhost:5000/web:1'],
    ['registry:5000', 'docker.io', 'library/registry', '5000', undefined, 'registry:5000'],
    ['[::1]:5000/web', '[::1]:5000', 'web', undefined, undefined, '[::1]:5000/web'],
    ['Registry/web', 'Registry', 'web', undefined, undefined, 'Registry/web'],
    [`nginx@${sha}`, 'docker.io', 'library/nginx', undefined, sha, `nginx@${sha}`],
    [`quay.io/a/b:1@${sha}`, 'quay.io', 'a/b', '1', sha, `quay.io/a/b:1@${sha}`],
  ] as const)('%s', (...[text, registry, repository, tag, digest, familiar]) => {
    const image = read(text);
    expect([image.registry, image.repository, image.tag, image.digest]).toEqual([registry, repository, tag, digest]);
    expect(image.familiar).toBe(familiar);
  });

  it.each([
    ['', 'empty'],
    [' nginx', 'blanks'],
    ['Nginx', 'lower case'],
    ['acme/Web', 'lower case'],
    ['nginx:', 'tag'],
    ['nginx:a b', 'tag'],
    ['nginx:-x', 'tag'],
    [`nginx:${'x'.repeat(129)}`, 'tag'],
    ['nginx@sha256:abc', 'digest'],
    [`nginx@md5:${'a'.repeat(32)}`, 'not supported'],
    [`nginx@sha256:${'a'.repeat(63)}`, '64 hexadecimal digits'],
    [`nginx@sha256:${'A'.repeat(64)}`, 'lower case'],
    ['a'.repeat(64), 'image ID'],
    ['acme//web', 'not a repository name'],
    ['-acme/web', 'not a repository name'],
    ['https://ghcr.io/acme/web', 'not a registry host'],
    ['{{ .Values.image }}', 'not a re'],
    ['$(IMAGE)', 'not a re'],
    [`ghcr.io/${'a'.repeat(256)}`, 'longer than 255'],
  ])('refuses %j', (text, reason) => {
    const image = parseImage(text);
    expect(image).toEqual({ valid: false, reason: expect.stringContaining(reason) });
  });

  it('tells registries that only the laptop reaches', () => {
    const local = [
      'localhost/x',
      '127.0.0.1:5000/x',
      'host.minikube.internal:5000/x',
      'registry:5000/a/x',
      'nas.local/x',
    ];
    for (const text of local) expect(read(text).isLocalLooking, text).toBe(true);
    const remote = ['nginx', 'ghcr.io/a/x', '10.0.0.7:5000/x', 'registry.kube-system.svc.cluster.local/x'];
    for (const text of remote) expect(read(text).isLocalLooking, text).toBe(false);
  });
});

describe('findRetiredRegistry', () => {
  it('finds frozen and emptied registries on whole path parts', () => {
    expect(findRetiredRegistry(read('k8s.gcr.io/pause:3.1'))?.replacement).toBe('registry.k8s.io');
    expect(findRetiredRegistry(read('gcr.io/google_containers/echoserver:1.10'))?.state).toBe('frozen');
    expect(findRetiredRegistry(read('bitnami/redis:7.2.4'))?.state).toBe('gone');
    expect(findRetiredRegistry(read('bitnamisecure/redis:latest'))).toBeUndefined();
    expect(findRetiredRegistry(read('gcr.io/google-containers-extra/x'))).toBeUndefined();
    expect(findRetiredRegistry(read('registry.k8s.io/pause:3.10'))).toBeUndefined();
  });
});

const part = fc.stringMatching(/^[a-z0-9]{1,6}(?:[._-][a-z0-9]{1,4})?$/);
const reference = fc
  .tuple(
    fc.constantFrom('', 'docker.io/', 'ghcr.io/', 'localhost:5000/', 'registry.example.com:8443/', '[::1]/'),
    fc.array(part, { minLength: 1, maxLength: 4 }),
    fc.option(fc.stringMatching(/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,10}$/), { nil: undefined }),
    fc.boolean(),
  )
  .map(([host, parts, tag, pinned]) => `${host}${parts.join('/')}${tag ? `:${tag}` : ''}${pinned ? `@${sha}` : ''}`);

describe('for any reference', () => {
  it('the familiar and the full form name the same image', () => {
    fc.assert(
      fc.property(reference, (text) => {
        const image = read(text);
        const full = `${image.registry}/${image.repository}${image.tag ? `:${image.tag}` : ''}${image.digest ? `@${image.digest}` : ''}`;
        expect(read(image.familiar)).toEqual(image);
        expect(read(full)).toEqual(image);
      }),
    );
  });
});
