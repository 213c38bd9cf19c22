import { describe, expect, it } from 'vitest';
import { judgePodSecurity, newestPodSecurityMinor } from '../../kube/pod-security/index.ts';
import { asObject, type JsonObject } from '../../model/index.ts';
import { helperPod, helperSecret, type HelperWish } from './helper-pod.ts';

const wish: HelperWish = {
  namespace: 'shop',
  name: 'nowwhat-volume-1',
  image: 'r.test/kopia:1',
  source: { persistentVolumeClaim: { claimName: 'data' } },
  readOnly: true,
  node: 'node-1',
  podSpec: { securityContext: { runAsUser: 999, fsGroup: 998 }, nodeSelector: { disk: 'fast' } },
  asPod: false,
  lifetime: 600,
  needsStore: true,
  patience: 300_000,
};

function violations(pod: JsonObject, level: 'baseline' | 'restricted') {
  const { metadata, spec } = pod;
  return judgePodSecurity({ metadata: asObject(metadata), spec: asObject(spec) }, level, newestPodSecurityMinor);
}

describe('the helper pod', () => {
  it.each([true, false])('is admitted at the level baseline as root, to read (%s) and to write', (readOnly) => {
    expect(violations(helperPod({ ...wish, readOnly }), 'baseline')).toEqual([]);
    expect(violations(helperPod({ ...wish, readOnly }), 'restricted')).not.toEqual([]);
  });

  it('is admitted at the level restricted as the user of the pod, and keeps its group', () => {
    const pod = helperPod({ ...wish, asPod: true });
    expect(violations(pod, 'restricted')).toEqual([]);
    expect(pod['spec']).toMatchObject({ securityContext: { runAsUser: 999, fsGroup: 998 } });
  });

  it('holds no secret, and mounts the data only to read where it only reads', () => {
    const text = JSON.stringify(helperPod(wish));
    const secret = helperSecret({ ...wish, podUid: 'u' }, { AWS_SECRET_ACCESS_KEY: 'geheim' });
    expect(secret).toMatchObject({ metadata: { ownerReferences: [{ kind: 'Pod', uid: 'u' }] } });
    expect(text).not.toContain('geheim');
    expect(text).toContain('"mountPath":"/work/data","readOnly":true');
  });

  it('goes to the node of the volume, or where the pod of a new one may go', () => {
    expect(JSON.stringify(helperPod(wish))).toContain('"values":["node-1"]');
    const spec = helperPod({ ...wish, node: undefined })['spec'];
    expect(spec).toMatchObject({ nodeSelector: { disk: 'fast' } });
    expect(JSON.stringify(spec)).not.toContain('matchFields');
  });
});
