import { describe, expect, it } from 'vitest';
import { chooseOnText } from '../../../test/kubernetes/choose-on-text.ts';
import { secretAsEnv } from './secret-as-env.ts';

function pod(containers: string, volumes = ''): string {
  return `apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
${containers}${volumes}`;
}

function container(name: string, fields: string): string {
  return `    - name: ${name}\n      image: a:1\n${fields}`;
}

const ref = (variable: string, key: string, more = ''): string =>
  `        - name: ${variable}\n          valueFrom: {secretKeyRef: {name: db, key: ${key}${more}}}\n`;

const mount = (text: string) => chooseOnText(secretAsEnv, text, 'mount-files');

describe('Secrets as files', () => {
  it('are the keys that the program reads, and no others: a pod without one of them does not start, as before', () => {
    const after = mount(pod(container('web', `      env:\n${ref('PASSWORD', 'password')}`)));
    expect(after).toContain('- name: PASSWORD_FILE\n          value: /run/secrets/db/password\n');
    expect(after).toContain('secretName: db\n        items:\n          - key: password\n            path: password\n');
    expect(after).not.toContain('optional');
  });

  it('may be missing where the variable could', () => {
    expect(mount(pod(container('web', `      env:\n${ref('A', 'a', ', optional: true')}`)))).toContain(
      'optional: true',
    );
    const mixed = mount(pod(container('web', `      env:\n${ref('A', 'a', ', optional: true')}${ref('B', 'b')}`)));
    expect(mixed).toContain('secretName: db\n');
    expect(mixed).not.toMatch(/optional|items/);
  });

  it('are whole where the whole Secret was read, and leave no empty list behind', () => {
    const after = mount(pod(container('web', '      envFrom:\n        - secretRef: {name: db}\n')));
    expect(after).not.toMatch(/envFrom|items/);
    const beside = container(
      'web',
      '      envFrom:\n        - configMapRef: {name: s}\n        - secretRef: {name: db}\n',
    );
    expect(mount(pod(beside))).toContain('envFrom:\n        - configMapRef: {name: s}\n      volumeMounts:');
  });

  it('of several containers are volumes of their own, each with its keys', () => {
    const env = (key: string) => `      env:\n${ref(key.toUpperCase(), key)}`;
    const after = mount(pod(container('web', env('a')) + container('side', env('b'))));
    expect(after.match(/^ {4}- name: (?:web|side)-db$/gm)).toEqual(['    - name: web-db', '    - name: side-db']);
    expect(after).toContain(
      'name: side-db\n      secret:\n        secretName: db\n        items:\n          - key: b\n',
    );
  });

  it('that are mounted already get the keys that are missing, and no second mount', () => {
    const mounted = `      env:\n${ref('B', 'b')}      volumeMounts:\n        - {name: db, mountPath: /run/secrets/db}\n`;
    const volume = (items: string) => `  volumes:\n    - name: db\n      secret:\n        secretName: db\n${items}`;
    const extended = mount(
      pod(container('web', mounted), volume('        items:\n          - key: a\n            path: a\n')),
    );
    expect(extended).toMatch(/- key: a\n.*path: a\n.*- key: b\n.*path: b/);
    expect(extended.match(/mountPath/g)).toHaveLength(1);
    const whole = mount(pod(container('web', mounted), volume('')));
    expect(whole).not.toContain('items');
    expect(whole.match(/mountPath/g)).toHaveLength(1);
  });
});
