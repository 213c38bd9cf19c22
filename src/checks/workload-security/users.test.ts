import { describe, expect, it } from 'vitest';
import { chooseOnText } from '../../../test/kubernetes/choose-on-text.ts';
import { rootfsWritable } from './rootfs-writable.ts';
import { runAsNonRoot } from './run-as-non-root.ts';
import { uidZero } from './uid-zero.ts';

const run = (spec: string, check = runAsNonRoot) =>
  chooseOnText(check, `apiVersion: v1\nkind: Pod\nmetadata: {name: db}\nspec:\n${spec}`, 'name-user', '10001');

const mounting = (more = '') => `  containers:
    - name: db
      image: a:1
      volumeMounts:
        - {name: data, mountPath: /data${more}}
`;
const claim = '  volumes:\n    - name: data\n      persistentVolumeClaim: {claimName: data}\n';

describe('a user that is named', () => {
  it('gets the volumes that a class has made, through their group', () => {
    expect(run(mounting() + claim)).toContain(
      '  securityContext:\n    fsGroup: 10001\n    fsGroupChangePolicy: OnRootMismatch\n',
    );
    expect(run(`${mounting()}      securityContext: {runAsUser: 0}\n${claim}`, uidZero)).toContain('fsGroup: 10001');
  });

  it('gets the volumes of a StatefulSet', () => {
    const text = `apiVersion: apps/v1
kind: StatefulSet
metadata: {name: db}
spec:
  template:
    spec:
      containers: [{name: db, image: "a:1", volumeMounts: [{name: data, mountPath: /data}]}]
  volumeClaimTemplates: [{metadata: {name: data}}]
`;
    expect(chooseOnText(runAsNonRoot, text, 'name-user', '70')).toMatch(/securityContext:\n +fsGroup: 70\n/);
  });

  it.each([
    ['it only reads', mounting(', readOnly: true') + claim],
    ['everybody may write to', mounting() + '  volumes: [{name: data, emptyDir: {}}]\n'],
    ['a group has already', `${mounting()}${claim}  securityContext: {fsGroup: 2000}\n`],
  ])('leaves alone what %s', (_, spec) => {
    expect(run(spec)).not.toMatch(/fsGroup: 10001|OnRootMismatch/);
  });
});

describe('a file system that is read-only', () => {
  it.each([
    ['redis:7', ['/tmp', '/data']],
    ['docker.io/library/wordpress:6-apache', ['/tmp', '/var/run/apache2', '/var/lock/apache2', '/var/www/html']],
    ['registry.test/own:1', ['/tmp']],
  ])('of %s keeps the folders that the program writes to', (image, folders) => {
    const text = `apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  containers:\n    - name: a\n      image: ${image}\n`;
    const after = chooseOnText(rootfsWritable, text, 'keep-folders');
    expect([...after.matchAll(/mountPath: (\S+)/g)].map(([, folder]) => folder)).toEqual(folders);
  });
});
