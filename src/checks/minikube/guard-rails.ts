// The checks of this family that an API server can hold to, in CEL.

import {
  celList,
  celText,
  containerRail,
  type GuardRail,
  objectRail,
  podKinds,
  templateRail,
} from '../guard-rails/guard-rail.ts';
import { sensitivePlacePattern, socketPattern } from '../workload-security/host-path-patterns.ts';
import { triedOutHosts } from './laptop-host.ts';
import { laptopFolders } from './laptop-paths.ts';
import { localClasses, localProvisioners, provisionerAnnotations } from './minikube-provisioner.ts';

const path = "volume.?hostPath.?path.orValue('')";

function isAt(pattern: string): string {
  return `${path}.matches(${celText(pattern)})`;
}

/** Hosts of local registries, with a port or without. `.local` is left out: whether it is local is not known. */
const localRegistry =
  '^(?i:localhost|127\\.[0-9]+\\.[0-9]+\\.[0-9]+|0\\.0\\.0\\.0|\\[::1?\\]|[^/]*\\.localhost|[^/]*\\.internal\\.docker|host\\.(?:docker|minikube|lima|containers)\\.internal|192\\.168\\.49\\.[0-9]+)(?::[0-9]+)?/|^[^/.:[]+:[0-9]+/|^[^/.:[]*[A-Z][^/.:[]*/';

const minikubeName = 'minikube(?:-m[0-9]+)?';
const nodeTerms =
  'variables.spec.?affinity.?nodeAffinity.?requiredDuringSchedulingIgnoredDuringExecution.?nodeSelectorTerms.orValue([])';
const isOfMinikube = `expression.key.startsWith('minikube.k8s.io/') || (expression.key == 'kubernetes.io/hostname' && expression.operator == 'In' && expression.?values.orValue([]).join(',').matches('^${minikubeName}(?:,${minikubeName})*$'))`;

const annotations = 'object.metadata.?annotations.orValue({})';
const hosts = `request.kind.kind == 'Ingress' ? dyn(object).spec.?rules.orValue([]).filter(rule, has(rule.host)).map(rule, rule.host)
: request.kind.kind == 'Gateway' ? dyn(object).spec.?listeners.orValue([]).filter(listener, has(listener.hostname)).map(listener, listener.hostname)
: dyn(object).spec.?hostnames.orValue([])`;

const localStorageKinds = objectRail(
  'minikube-provisioner',
  ['StorageClass', 'PersistentVolumeClaim', 'PersistentVolume'],
  ['provisioner', 'spec', 'metadata.annotations'],
  `!(dyn(object).?provisioner.orValue('') in ${celList([...localProvisioners].map(String))}) && !(request.kind.kind != 'StorageClass' && ${celList(provisionerAnnotations)}.exists(key, ${annotations}[?key].orValue('') in ${celList([...localProvisioners].map(String))})) && !(dyn(object).?spec.?storageClassName.orValue('') in ${celList([...localClasses].map(String))}) && dyn(object).?spec.?volumeClaimTemplates.orValue([]).all(claim, !(claim.?spec.?storageClassName.orValue('') in ${celList([...localClasses].map(String))}))`,
);

export const minikubeRails: readonly GuardRail[] = [
  containerRail('image-pull-never', "container.?imagePullPolicy.orValue('') != 'Never'", 'started'),
  containerRail('image-registry-local', `!container.?image.orValue('').matches(${celText(localRegistry)})`, 'started'),
  templateRail('laptop-folder', `!variables.volumes.exists(volume, ${isAt(laptopFolders.source)})`),
  {
    ...templateRail(
      'host-path-storage',
      "request.kind.kind == 'DaemonSet' || !variables.containers.exists(container, container.?volumeMounts.orValue([]).exists(mount, mount.name in variables.dataFolders && !mount.?readOnly.orValue(false)))",
    ),
    variables: {
      dataFolders: `variables.volumes.filter(volume, ${path} != '' && volume.hostPath.?type.orValue('') in ['', 'Directory', 'DirectoryOrCreate'] && !${isAt(socketPattern)} && !${isAt(sensitivePlacePattern)} && !${isAt(laptopFolders.source)}).map(volume, volume.name)`,
    },
  },
  objectRail(
    'host-path-persistent-volume',
    ['PersistentVolume'],
    ['spec'],
    "object.?spec.?hostPath.?path.orValue('') == ''",
  ),
  {
    ...localStorageKinds,
    kinds: [...localStorageKinds.kinds, ...podKinds.filter(({ kind }) => kind === 'StatefulSet')],
  },
  templateRail(
    'minikube-node',
    `!variables.spec.?nodeSelector.orValue({}).exists(key, key.startsWith('minikube.k8s.io/')) && !${nodeTerms}.exists(term, term.?matchExpressions.orValue([]).exists(expression, ${isOfMinikube}))`,
  ),
  {
    ...objectRail(
      'laptop-host',
      ['Ingress', 'Gateway', 'HTTPRoute', 'GRPCRoute', 'TLSRoute'],
      ['spec'],
      `!variables.hosts.exists(host, host.lowerAscii().matches(${celText(triedOutHosts.map(([pattern]) => pattern.source).join('|'))}))`,
    ),
    variables: { hosts },
  },
  // What stands in a cluster always has a namespace: files that name none are judged by where they go.
  templateRail('default-namespace', "object.metadata.?namespace.orValue('') != 'default'"),
];
