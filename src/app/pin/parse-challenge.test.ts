// Challenges as registries write them.

import { describe, expect, it } from 'vitest';
import { parseChallenge } from './parse-challenge.ts';

describe('parseChallenge', () => {
  it.each([
    [
      'Bearer realm="https://auth.docker.io/token",service="registry.docker.io",scope="repository:library/nginx:pull"',
      {
        scheme: 'bearer',
        realm: 'https://auth.docker.io/token',
        service: 'registry.docker.io',
        scope: 'repository:library/nginx:pull',
      },
    ],
    [
      'bearer Realm=https://a.example/t , scope="repository:a:pull,push"',
      { scheme: 'bearer', realm: 'https://a.example/t', service: undefined, scope: 'repository:a:pull,push' },
    ],
    ['Bearer realm="a\\"b"', { scheme: 'bearer', realm: 'a"b', service: undefined, scope: undefined }],
    ['Basic realm="Registry"', { scheme: 'basic' }],
    ['Bearer service="x"', undefined],
    ['Negotiate', undefined],
    ['', undefined],
  ])('reads %j', (header, expected) => {
    expect(parseChallenge(header)).toEqual(expected);
  });
});
