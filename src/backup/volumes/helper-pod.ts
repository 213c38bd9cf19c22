// The short-lived pod that reads or writes one volume, and what it needs: objects as they are created, pure.

import { asArray, asNumber, asObject, type Json, type JsonObject } from '../../model/index.ts';
import { waitCommand } from './sign-of-life.ts';

export const helperLabel = 'nowwhat-volume';
export const helperContainer = 'volume';
/** Where the volume is in the helper: below a folder that can be written, because kopia puts a file beside it. */
export const dataPath = '/work/data';
/** Where the authority of the store is, when it has one of its own. */
export const authorityFile = '/store/ca.pem';

export interface HelperWish {
  readonly namespace: string;
  readonly name: string;
  readonly image: string;
  /** As it stands below `volumes` of a pod, without its name. */
  readonly source: JsonObject;
  readonly readOnly: boolean;
  /** The only node that it may run on; left out, where the scheduler puts it. */
  readonly node?: string | undefined;
  /** Of the pod whose volume it is: its user and where it may run. */
  readonly podSpec: JsonObject;
  /** The namespace admits no root: the helper is what the pod is. */
  readonly asPod: boolean;
  /** Seconds after which the kubelet ends it, should nobody be there to delete it. */
  readonly lifetime: number;
  readonly needsStore: boolean;
  /** Milliseconds until it must run. */
  readonly patience: number;
}

/** A volume may have to be made and attached first. */
export const usualPatience = 300_000;
/** Seconds that its run waits for it to start: longer than that no run waits for a helper that is still to start. */
export const startsWithin = 'nowwhat.dev/starts-within';

/** Reading what belongs to others needs one capability, and giving files back to their owners some more; all of them are admitted by the level "baseline". */
const capabilities = { reading: ['DAC_OVERRIDE'], writing: ['CHOWN', 'DAC_OVERRIDE', 'FOWNER', 'FSETID'] } as const;

function rootSecurity({ readOnly }: HelperWish): { readonly pod: JsonObject; readonly container: JsonObject } {
  return {
    pod: { runAsUser: 0, runAsGroup: 0, seccompProfile: { type: 'RuntimeDefault' } },
    container: {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'], add: [...capabilities[readOnly ? 'reading' : 'writing']] },
    },
  };
}

/** Some user that is not root: what the pod's files belong to, where the pod says so. */
const nobody = 65_534;

function podSecurity({ podSpec }: HelperWish): { readonly pod: JsonObject; readonly container: JsonObject } {
  const { runAsUser, runAsGroup, fsGroup, supplementalGroups } = asObject(podSpec['securityContext']);
  const own = asObject(asObject(asArray(podSpec['containers'])[0])['securityContext']);
  const user = asNumber(own['runAsUser']) ?? asNumber(runAsUser) ?? nobody;
  const group = asNumber(own['runAsGroup']) ?? asNumber(runAsGroup) ?? user;
  return {
    pod: {
      runAsNonRoot: true,
      runAsUser: user,
      runAsGroup: group,
      ...(fsGroup === undefined ? {} : { fsGroup, fsGroupChangePolicy: 'OnRootMismatch' }),
      ...(supplementalGroups === undefined ? {} : { supplementalGroups }),
      seccompProfile: { type: 'RuntimeDefault' },
    },
    container: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ['ALL'] } },
  };
}

function onNode(node: string): JsonObject {
  const term = { matchFields: [{ key: 'metadata.name', operator: 'In', values: [node] }] };
  return {
    affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [term] } } },
    tolerations: [{ operator: 'Exists' }],
  };
}

/** A volume that is made where its first pod goes must be made where the user's pod can go. */
function likePod({ nodeSelector, affinity, tolerations }: JsonObject): JsonObject {
  const { nodeAffinity } = asObject(affinity);
  return {
    ...(nodeSelector === undefined ? {} : { nodeSelector }),
    ...(nodeAffinity === undefined ? {} : { affinity: { nodeAffinity } }),
    ...(tolerations === undefined ? {} : { tolerations }),
  };
}

const directories = { config: '/config', work: '/work' } as const;

const environment: Readonly<Record<string, string>> = {
  HOME: directories.work,
  TMPDIR: directories.work,
  KOPIA_CONFIG_PATH: `${directories.config}/repository.config`,
  KOPIA_CACHE_DIRECTORY: `${directories.work}/cache`,
  KOPIA_LOG_DIR: `${directories.work}/log`,
  KOPIA_PERSIST_CREDENTIALS_ON_CONNECT: 'false',
  KOPIA_CHECK_FOR_UPDATES: 'false',
};

function volumesOf(wish: HelperWish): { readonly volumes: Json[]; readonly mounts: Json[] } {
  const { source, readOnly, needsStore, name } = wish;
  const store = {
    name: 'store',
    secret: { secretName: name, items: [{ key: 'ca.pem', path: 'ca.pem' }], optional: true },
  };
  return {
    volumes: [
      { name: 'data', ...source },
      { name: 'config', emptyDir: { medium: 'Memory', sizeLimit: '4Mi' } },
      { name: 'work', emptyDir: {} },
      ...(needsStore ? [store] : []),
    ],
    mounts: [
      { name: 'config', mountPath: directories.config },
      { name: 'work', mountPath: directories.work },
      { name: 'data', mountPath: dataPath, readOnly },
      ...(needsStore ? [{ name: 'store', mountPath: '/store', readOnly: true }] : []),
    ],
  };
}

/** Whether an object is a helper, or belongs to one: it is of no app. */
export function isHelper({ metadata }: JsonObject): boolean {
  return asObject(asObject(metadata)['labels'])['app.kubernetes.io/name'] === helperLabel;
}

/** Of whatever belongs to a helper: it is of no app. */
export function helperLabels(): JsonObject {
  return { 'app.kubernetes.io/name': helperLabel, 'app.kubernetes.io/managed-by': 'nowwhat' };
}

export function helperPod(wish: HelperWish): JsonObject {
  const { namespace, name, image, node, podSpec, lifetime, needsStore, asPod, patience } = wish;
  const security = asPod ? podSecurity(wish) : rootSecurity(wish);
  const { volumes, mounts } = volumesOf(wish);
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      namespace,
      labels: { ...helperLabels(), 'nowwhat.dev/helper': name },
      annotations: {
        'nowwhat.dev/purpose': 'moves the data of a volume for a backup or a restore; may be deleted at any time',
        [startsWithin]: String(Math.ceil(patience / 1000)),
      },
    },
    spec: {
      restartPolicy: 'Never',
      activeDeadlineSeconds: lifetime,
      terminationGracePeriodSeconds: 5,
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      ...(node === undefined ? likePod(podSpec) : onNode(node)),
      securityContext: security.pod,
      containers: [
        {
          name: helperContainer,
          image,
          imagePullPolicy: 'IfNotPresent',
          command: waitCommand(lifetime),
          env: Object.entries(environment).map(([key, value]) => ({ name: key, value })),
          ...(needsStore ? { envFrom: [{ secretRef: { name } }] } : {}),
          resources: { requests: { cpu: '50m', memory: '64Mi' } },
          securityContext: security.container,
          volumeMounts: mounts,
        },
      ],
      volumes,
    },
  };
}

interface Belonging {
  readonly namespace: string;
  readonly name: string;
  /** Of the pod: what belongs to it goes with it. */
  readonly podUid: string;
}

function ownedMetadata({ namespace, name, podUid }: Belonging): JsonObject {
  const owner = { apiVersion: 'v1', kind: 'Pod', name, uid: podUid };
  return { name, namespace, labels: helperLabels(), ownerReferences: [owner] };
}

/** Credentials of the store, which the pod gets as environment. */
export function helperSecret(belonging: Belonging, values: Readonly<Record<string, string>>): JsonObject {
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: ownedMetadata(belonging),
    type: 'Opaque',
    stringData: { ...values },
  };
}

/** Lets this one pod out to the store, where policies of the namespace let nobody out. */
export function helperPolicy(belonging: Belonging): JsonObject {
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: ownedMetadata(belonging),
    spec: {
      podSelector: { matchLabels: { 'nowwhat.dev/helper': belonging.name } },
      policyTypes: ['Egress'],
      egress: [{}],
    },
  };
}
