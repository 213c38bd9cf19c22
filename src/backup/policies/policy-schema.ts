// What a file of resource policies may say, key by key. Source: Velero 1.18, internal/resourcepolicies.

import * as z from 'zod';

/** YAML's numbers and truths stand for their text, as for Velero. */
const text = z.union([z.string(), z.number(), z.boolean()]).transform(String);
// A key without a value says nothing.
const texts = z.array(text).nullish();
const textMap = z.record(z.string(), text);

/** Kinds of volumes as they stand in the API. */
export const volumeTypes = [
  'awsElasticBlockStore',
  'azureDisk',
  'azureFile',
  'cephfs',
  'cinder',
  'configMap',
  'csi',
  'downwardAPI',
  'emptyDir',
  'ephemeral',
  'fc',
  'flexVolume',
  'flocker',
  'gcePersistentDisk',
  'gitRepo',
  'glusterfs',
  'hostPath',
  'iscsi',
  'local',
  'nfs',
  'photonPersistentDisk',
  'portworxVolume',
  'projected',
  'quobyte',
  'rbd',
  'scaleIO',
  'secret',
  'storageos',
  'vsphereVolume',
] as const;

/** As Velero spells them, which of one kind is not as in the API. */
const typeNames = [...volumeTypes.filter((each) => each !== 'storageos'), 'storageOS'] as const;

const conditions = z.strictObject({
  capacity: text.nullish(),
  storageClass: texts,
  nfs: z.strictObject({ server: text.nullish(), path: text.nullish() }).nullish(),
  csi: z
    .strictObject({ driver: text.nullish(), volumeAttributes: textMap.nullish() })
    .refine(
      ({ driver, volumeAttributes }) => (driver ?? '') !== '' || (volumeAttributes ?? undefined) === undefined,
      'must name a driver beside volumeAttributes',
    )
    .nullish(),
  volumeTypes: z.array(z.enum(typeNames)).nullish(),
  pvcLabels: textMap.optional(),
  pvcPhase: texts,
  pvcVolumeMode: z.string().optional(),
  pvcAccessModes: z.array(z.string()).optional(),
});

const names = z.array(text.refine((name) => name !== '*', 'must be the name of a resource, not *')).nullish();

const labels = z.strictObject({
  matchLabels: textMap.nullish(),
  matchExpressions: z.array(z.strictObject({ key: text, operator: text, values: texts })).nullish(),
});

const resourceFilters = z
  .array(
    z.strictObject({
      kinds: texts,
      labelSelector: labels.nullish(),
      orLabelSelectors: z.array(labels).nullish(),
      names: texts,
      excludedNames: texts,
    }),
  )
  .min(1, 'must have one filter at least');

export const policyFile = z.strictObject({
  version: z.literal('v1'),
  volumePolicies: z
    .array(
      z.strictObject({
        conditions: conditions.nullish(),
        action: z.strictObject({
          type: z.enum(['skip', 'fs-backup', 'snapshot', 'custom']),
          parameters: z.looseObject({}).nullish(),
        }),
      }),
    )
    .nullish(),
  includeExcludePolicy: z
    .strictObject({
      includedClusterScopedResources: names,
      excludedClusterScopedResources: names,
      includedNamespaceScopedResources: names,
      excludedNamespaceScopedResources: names,
    })
    .nullish(),
  clusterScopedFilterPolicy: z.strictObject({ resourceFilters }).nullish(),
  namespacedFilterPolicies: z
    .array(z.strictObject({ namespaces: z.array(text).min(1, 'must name one namespace at least'), resourceFilters }))
    .nullish(),
});

export type PolicyFile = z.infer<typeof policyFile>;
export type ResourceFilter = z.infer<typeof resourceFilters>[number];
export type LabelWish = z.infer<typeof labels>;
export type PolicyConditions = z.infer<typeof conditions>;
export type IncludeExcludePolicy = NonNullable<PolicyFile['includeExcludePolicy']>;
export type PolicyAction = NonNullable<PolicyFile['volumePolicies']>[number]['action']['type'];
