import { describe, expect, it } from 'vitest';
import { chooseOnText } from '../../../test/kubernetes/choose-on-text.ts';
import { hostPathPersistentVolume } from './host-path-persistent-volume.ts';

function app(claim: string): string {
  return `apiVersion: v1
kind: PersistentVolume
metadata: {name: data}
spec: {hostPath: {path: /data}}
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: data}
spec:
${claim}  accessModes: [ReadWriteOnce]
`;
}

const choose = (claim: string) => chooseOnText(hostPathPersistentVolume, app(claim), 'remove-volume');

describe('a volume that is a folder of a node', () => {
  it('goes, and a claim that names it is free for a class', () => {
    const after = choose('  volumeName: data\n  storageClassName: ""\n');
    expect(after).not.toMatch(/kind: PersistentVolume\n|volumeName|storageClassName/);
    expect(after).toContain('accessModes');
  });

  it('goes, and other claims stay as they are', () => {
    expect(choose('  storageClassName: fast\n')).toContain('  storageClassName: fast\n  accessModes');
  });
});
