import { describe, expect, it } from 'vitest';
import { snapshotOf } from '../../inventory/snapshot-builder.ts';
import { findSecretsToMake } from './secrets-to-make.ts';

const pod = (name: string, spec: string) => `---
apiVersion: v1
kind: Pod
metadata: {name: ${name}}
spec: {${spec}}
`;
const variable = (key: string, more = '') =>
  `containers: [{name: a, env: [{name: A, valueFrom: {secretKeyRef: {name: db, key: ${key}${more}}}}]}]`;
const volume = (keys: readonly string[]) =>
  `volumes: [{name: db, secret: {secretName: db, items: [${keys.map((key) => `{key: ${key}, path: ${key}}`).join(', ')}]}}]`;
const secret = '---\napiVersion: v1\nkind: Secret\nmetadata: {name: db}\nstringData: {a: x, b: x}\n';

const find = (before: string, after: string) => findSecretsToMake(snapshotOf(before), snapshotOf(after));

describe('Secrets to make', () => {
  it('are those that left the files, with the keys that are read and who reads them', () => {
    const files = pod('web', volume(['a'])) + pod('api', variable('b'));
    expect(find(files + secret, files)).toEqual([
      { namespace: 'default', name: 'db', keys: ['a', 'b'], readBy: ['Pod api', 'Pod web'] },
    ]);
  });

  it('are not those that were outside before, unless another key is read', () => {
    expect(find(pod('web', variable('a')), pod('web', volume(['a'])))).toEqual([]);
    expect(find(pod('web', variable('a')), pod('web', volume(['a', 'b'])))).toMatchObject([{ keys: ['a', 'b'] }]);
  });

  it('are not those that may be missing, and those that a file holds', () => {
    expect(find('', pod('web', variable('a', ', optional: true')))).toEqual([]);
    expect(find('', pod('web', variable('a')) + secret)).toEqual([]);
  });

  it('have the keys of their kind where an entrance or a registry reads them', () => {
    const ingress =
      '---\napiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: web}\nspec: {tls: [{secretName: web-tls}]}\n';
    const after = ingress + pod('web', 'imagePullSecrets: [{name: registry}]');
    expect(find('', after).map(({ name, keys }) => [name, keys])).toEqual([
      ['registry', ['.dockerconfigjson']],
      ['web-tls', ['tls.crt', 'tls.key']],
    ]);
  });
});
