// Volumes of the kind `local` for a test: Velero's node agent saves no directories that a pod names itself. Made in a folder of a node, and gone with the test.

import { createObject, deleteObject } from '../../src/api/index.ts';
import { asArray, asObject, asString, type JsonObject } from '../../src/model/index.ts';
import { untilPodReady } from './s3-pod.ts';
import { openNamespace } from './test-cluster.ts';

/** A folder of the nodes; where a machine propagates no mounts, a mount of its own that is shared. */
const base = process.env['NOWWHAT_TEST_LOCAL_VOLUMES'] ?? '/var/tmp/nowwhat-test-volumes';

const classes = { group: 'storage.k8s.io', version: 'v1', resource: 'storageclasses' };
const volumes = { group: '', version: 'v1', resource: 'persistentvolumes' };

export interface LocalVolumes {
  readonly storageClass: string;
  readonly close: () => Promise<void>;
}

function localVolume(name: string, storageClass: string, place: { node: string; path: string }): JsonObject {
  const term = { matchExpressions: [{ key: 'kubernetes.io/hostname', operator: 'In', values: [place.node] }] };
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: { name },
    spec: {
      capacity: { storage: '100Mi' },
      accessModes: ['ReadWriteOnce'],
      persistentVolumeReclaimPolicy: 'Retain',
      storageClassName: storageClass,
      local: { path: place.path },
      nodeAffinity: { required: { nodeSelectorTerms: [term] } },
    },
  };
}

/** Makes the folders, and at its end removes them: a test reaches a node only through a pod. */
function keeper(image: string, folder: string, node: string, count: number): JsonObject {
  const command = `mkdir -p $(seq -f "/v/%g" 1 ${count} 2>/dev/null || for n in $(seq 1 ${count}); do echo /v/$n; done); touch /tmp/made; exec sleep 3600`;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'keeper' },
    spec: {
      terminationGracePeriodSeconds: 0,
      nodeName: node,
      containers: [
        {
          name: 'c',
          image,
          imagePullPolicy: 'IfNotPresent',
          command: ['sh', '-c', command],
          readinessProbe: { exec: { command: ['test', '-e', '/tmp/made'] }, periodSeconds: 1 },
          lifecycle: { preStop: { exec: { command: ['sh', '-c', 'rm -rf /v/*'] } } },
          volumeMounts: [{ name: 'v', mountPath: '/v' }],
        },
      ],
      volumes: [{ name: 'v', hostPath: { path: folder, type: 'DirectoryOrCreate' } }],
    },
  };
}

export async function makeLocalVolumes(image: string, count: number): Promise<LocalVolumes> {
  const space = await openNamespace();
  const { client, name: storageClass } = space;
  const { items: nodes } = await client.request({ path: '/api/v1/nodes' });
  const node = asString(asObject(asObject(asArray(nodes)[0])['metadata'])['name']) ?? '';
  const folder = `${base}/${storageClass}`;
  await space.create('api/v1:pods', keeper(image, folder, node, count));
  await untilPodReady(client, space.name, 'keeper');
  await createObject(client, classes, {
    apiVersion: 'storage.k8s.io/v1',
    kind: 'StorageClass',
    metadata: { name: storageClass },
    provisioner: 'kubernetes.io/no-provisioner',
    volumeBindingMode: 'WaitForFirstConsumer',
  });
  const names = Array.from({ length: count }, (_, index) => `${storageClass}-${index + 1}`);
  for (const [index, name] of names.entries())
    await createObject(client, volumes, localVolume(name, storageClass, { node, path: `${folder}/${index + 1}` }));
  return {
    storageClass,
    close: async () => {
      for (const name of names) await deleteObject(client, volumes, { name });
      await deleteObject(client, classes, { name: storageClass });
      await space.close();
    },
  };
}
