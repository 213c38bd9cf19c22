// Finds storage classes that may make unencrypted disks.

import { asObject, toText } from '../../model/index.ts';
import { objectCheck } from '../check.ts';
import { offer, way } from '../fix.ts';

/** Provisioners that encrypt every disk by themselves. Sources: the providers' manuals. */
const alwaysEncrypted: ReadonlySet<string> = new Set([
  'pd.csi.storage.gke.io',
  'kubernetes.io/gce-pd',
  'disk.csi.azure.com',
  'kubernetes.io/azure-disk',
  'file.csi.azure.com',
]);
const awsDisks: ReadonlySet<string> = new Set([
  'ebs.csi.aws.com',
  'kubernetes.io/aws-ebs',
  'ebs.csi.eks.amazonaws.com',
]);

export const storageUnencrypted = objectCheck(
  {
    id: 'storage-unencrypted',
    family: 'storage',
    title: 'Disks are encrypted',
    leg: 'security',
    level: 4,
    owner: 'cluster-administrator',
    severity: 'medium',
    references: [{ framework: 'NSA', id: 'Encryption at rest' }],
    remediation: 'Switch encryption on in the parameters of the class.',
    minutes: 15,
  },
  {
    kinds: ['storage.k8s.io/StorageClass'],
    find: ({ name, raw }) => {
      const provisioner = toText(raw['provisioner'] ?? '');
      if (alwaysEncrypted.has(provisioner)) return undefined;
      const parameters = asObject(raw['parameters']);
      if (
        Object.entries(parameters).some(([key, value]) => /encrypt/i.test(key) && (value === 'true' || value === true))
      )
        return undefined;
      const path = ['parameters'];
      if (awsDisks.has(provisioner))
        return {
          message: `disks of class "${name}" are not encrypted`,
          path,
          evidence: 'parameters.encrypted is not "true"',
        };
      return {
        verdict: 'unknown',
        message: `whether disks of class "${name}" are encrypted cannot be seen`,
        path,
        evidence: `provisioner ${provisioner}; would be settled by its provider's settings`,
      };
    },
    fix: (_class, { path = [] }) =>
      offer(
        way(
          {
            id: 'encrypted',
            title: 'Encrypt the disks of the class',
            consequence:
              'new disks are encrypted with the key of the account; a class that the cluster has already must be made anew, and disks that exist stay as they are',
          },
          [{ op: 'set', path: [...path, 'encrypted'], value: 'true' }],
        ),
      ),
  },
);
