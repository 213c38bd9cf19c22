// Finds volumes that cannot be attached to the node of their pod, or not be taken from the last one.

import { asObject, asString } from '../../model/index.ts';
import { clip, liveCheck, specOf, statusOf } from './live-check.ts';

export const volumeNotAttached = liveCheck(
  {
    id: 'volume-not-attached',
    family: 'running',
    title: 'Volumes get to the nodes of their pods',
    leg: 'deployment',
    level: 3,
    owner: 'cluster-administrator',
    severity: 'high',
    references: [],
    remediation:
      'Free the volume from the node that holds it; for a node that is gone, set the out-of-service taint or delete it.',
    minutes: 30,
  },
  {
    kinds: ['storage.k8s.io/VolumeAttachment'],
    find: (attachment) => {
      const { attachError, detachError } = statusOf(attachment);
      const field = detachError === undefined ? 'attachError' : 'detachError';
      const error = asObject(detachError ?? attachError);
      const message = asString(error['message']);
      if (message === undefined) return undefined;
      const { source, nodeName } = specOf(attachment);
      const volume = asString(asObject(source)['persistentVolumeName']) ?? attachment.name;
      const node = asString(nodeName) ?? '';
      return {
        message:
          field === 'attachError'
            ? `volume "${volume}" cannot be attached to node "${node}": the pod that needs it does not start`
            : `volume "${volume}" cannot be taken from node "${node}": no other node can use it`,
        path: ['status', field],
        evidence: clip(message),
      };
    },
  },
);
