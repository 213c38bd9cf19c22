// Finds names of PersistentVolumeClaim objects that the input does not hold.

import { missingTargetCheck } from './missing-target.ts';
import { amountOf } from '../questions.ts';
import { asking, offer } from '../fix.ts';

export const claimMissing = missingTargetCheck(
  {
    id: 'claim-missing',
    family: 'references',
    title: 'Volume claims that pods use exist',
    leg: 'deployment',
    level: 1,
    owner: 'developer',
    severity: 'high',
    references: [],
    remediation: 'Add the PersistentVolumeClaim to the manifests or correct the name.',
    minutes: 10,
  },
  {
    kinds: ['/PersistentVolumeClaim'],
    verdict: 'fail',
    consequence: 'its pods stay Pending',
    fix: ({ name, from }) =>
      offer(
        asking(
          {
            id: 'new-claim',
            leavesOpen: ['single-node-volume-rolling', 'storage-class-implicit'],
            title: `Claim a volume "${name}" for one node`,
            consequence:
              "storage of the cluster's default class is made, and paid for; only pods on one node can mount it",
          },
          amountOf('size of the volume', '1Gi'),
          (storage) => ({
            create: [
              {
                raw: {
                  apiVersion: 'v1',
                  kind: 'PersistentVolumeClaim',
                  metadata: { name },
                  spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage } } },
                },
                beside: from,
              },
            ],
          }),
        ),
      ),
  },
);
