// Finds volume claims that have no volume, and says why.

import { viewOf } from '../../inventory/index.ts';
import { asObject, asString, type Diagnostic, type KubeObject } from '../../model/index.ts';
import type { CheckContext } from '../check.ts';
import { clip, liveCheck, metadataOf, readConditions, specOf, statusOf, tellCondition } from './live-check.ts';
import { minutesSince, onceItLasts } from './seen-at.ts';

const classKind = 'storage.k8s.io/StorageClass';
const defaultMark = 'storageclass.kubernetes.io/is-default-class';

/** Provisioners take a minute or two. */
const patience = 5;

interface Cause {
  readonly clause: string;
  readonly lasting: boolean;
  readonly evidence: string;
}

function isDefault(storageClass: KubeObject): boolean {
  return asObject(metadataOf(storageClass)['annotations'])[defaultMark] === 'true';
}

/** The class that a claim names, or the default one. */
function findClass(name: string | undefined, classes: readonly KubeObject[]): KubeObject | undefined {
  return classes.find((each) => (name === undefined ? isDefault(each) : each.name === name));
}

function withoutClass(name: string | undefined, classes: readonly KubeObject[]): Cause {
  const evidence = `storage classes: ${classes.map((each) => each.name).join(', ') || 'none'}`;
  const clause =
    name === undefined
      ? 'names no class, and the cluster has no default one'
      : `names the storage class "${name}", which the cluster does not have`;
  return { clause, lasting: true, evidence };
}

function byHand(volume: string): Cause {
  if (volume !== '')
    return {
      clause: `waits for the volume "${volume}"`,
      lasting: true,
      evidence: 'spec.volumeName names a volume that is not bound to it',
    };
  return {
    clause: 'waits for a volume made by hand',
    lasting: true,
    evidence: 'storageClassName is empty: nothing makes a volume',
  };
}

/** A volume that is made for its first pod is asked for once that has a node. */
function isAwaitingPod(claim: KubeObject, { raw }: KubeObject): boolean {
  const asked = asObject(metadataOf(claim)['annotations'])['volume.kubernetes.io/selected-node'] !== undefined;
  return raw['volumeBindingMode'] === 'WaitForFirstConsumer' && !asked;
}

function byProvisioner(provisioner: string, name = 'of the cluster'): Cause {
  return { clause: `gets no volume from ${provisioner}`, lasting: false, evidence: `storage class ${name}` };
}

function findCause(claim: KubeObject, { inventory }: CheckContext): Cause | 'as intended' {
  const view = viewOf(inventory);
  const spec = specOf(claim);
  const name = asString(spec['storageClassName']);
  const volume = asString(spec['volumeName']) ?? '';
  if (volume !== '' || name === '') return byHand(volume);
  const classes = view.objects(classKind);
  const storageClass = findClass(name, classes);
  if (storageClass === undefined)
    return view.saw(classKind) ? withoutClass(name, classes) : byProvisioner('its provisioner', name);
  if (isAwaitingPod(claim, storageClass)) return 'as intended';
  return byProvisioner(asString(storageClass.raw['provisioner']) ?? 'its provisioner', storageClass.name);
}

function ofPending(claim: KubeObject, context: CheckContext): Diagnostic | undefined {
  const cause = findCause(claim, context);
  // Made when a pod is placed: the pod that cannot be says so itself.
  if (cause === 'as intended') return undefined;
  const waits = minutesSince(context, metadataOf(claim)['creationTimestamp']) >= patience;
  return onceItLasts(cause.lasting || waits, {
    message: `claim "${claim.name}" ${cause.clause}: pods that mount it do not start`,
    path: ['status', 'phase'],
    evidence: `phase Pending; ${cause.evidence}`,
  });
}

/** Resizing goes wrong quietly: the claim stays bound, and as small as it was. */
function ofResize(claim: KubeObject): Diagnostic | undefined {
  const wrong = readConditions(statusOf(claim)['conditions']).find(
    ({ type, status }) => status === 'True' && (type === 'ControllerResizeError' || type === 'NodeResizeError'),
  );
  if (wrong === undefined) return undefined;
  return {
    severity: 'medium',
    message: `the volume of claim "${claim.name}" cannot be made larger`,
    path: ['status', 'conditions'],
    evidence: clip(tellCondition(wrong)),
  };
}

export const claimPending = liveCheck(
  {
    id: 'claim-pending',
    family: 'running',
    title: 'Volume claims have their volume',
    leg: 'deployment',
    level: 1,
    owner: 'developer',
    severity: 'high',
    references: [],
    remediation: 'Name a storage class of this cluster, or make the volume.',
    minutes: 15,
  },
  {
    kinds: ['/PersistentVolumeClaim'],
    applies: (claim) => metadataOf(claim)['deletionTimestamp'] === undefined,
    find: (claim, context) => {
      const { phase } = statusOf(claim);
      if (phase === 'Pending') return ofPending(claim, context);
      if (phase !== 'Lost') return ofResize(claim);
      return {
        severity: 'critical',
        message: `the volume of claim "${claim.name}" is gone, and with it the data`,
        path: ['status', 'phase'],
        evidence: `phase Lost; it was bound to ${asString(specOf(claim)['volumeName']) ?? 'a volume'}`,
      };
    },
  },
);
