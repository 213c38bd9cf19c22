// The checks of this family that an API server can hold to, in CEL.

import { acceptedTypes } from '../../kube/pod-security/controls/se-linux-options.ts';
import { acceptedSysctls } from '../../kube/pod-security/controls/sysctls.ts';
import {
  celList,
  celText,
  containerRail,
  type GuardRail,
  objectRail,
  placesRail,
  templateRail,
} from '../guard-rails/guard-rail.ts';
import { systemNamespaces } from '../../kube/system-namespaces.ts';
import { dangerousCapabilities, defaultCapabilities, knownCapabilities } from './capabilities.ts';
import { sensitivePlacePattern, socketPattern } from './host-path-patterns.ts';
import { enforceLabel, enforceVersionLabel } from './namespace-enforcement.ts';

/** A field of the container's security context, as an optional. */
function own(field: string): string {
  return `container.?securityContext.?${field}`;
}

/** The same, or the pod's where the container says nothing. */
function effective(field: string): string {
  return `${own(field)}.or(variables.podContext.?${field})`;
}

function capabilities(list: 'add' | 'drop'): string {
  return `${own('capabilities')}.?${list}.orValue([])`;
}

/** The list has one of these names, in any case and with or without `CAP_`. */
function hasCapability(list: 'add' | 'drop', names: Iterable<string>): string {
  return `${capabilities(list)}.exists(name, name.upperAscii().matches('^(?:CAP_)?(?:${[...names].join('|')})$'))`;
}

const isPrivileged = `${own('privileged')}.orValue(false)`;
const dropsAll = `${capabilities('drop')}.exists(name, name.upperAscii() == 'ALL')`;
const cannotEscalate = `!${own('allowPrivilegeEscalation')}.orValue(true)`;
const isNonRoot = `${effective('runAsNonRoot')}.orValue(false)`;
const user = `${effective('runAsUser')}`;
const isKeptFromRoot = `(${user}.hasValue() ? ${user}.orValue(0) != 0 : ${isNonRoot})`;
const noRootOfNode = '!variables.isLinux || variables.hasUserNamespace';

const isHostPath = "volume.?hostPath.?path.orValue('') != ''";
const hostPath = "volume.?hostPath.?path.orValue('')";

function isAt(pattern: string): string {
  return `${hostPath}.matches(${celText(pattern)})`;
}

/** A finding where a volume of the pod fulfils all of this. */
function noVolume(condition: string): string {
  return `!variables.volumes.exists(volume, ${condition})`;
}

const probes = ['livenessProbe', 'readinessProbe', 'startupProbe', 'lifecycle.?postStart', 'lifecycle.?preStop'];
const probeHosts = probes.flatMap((probe) =>
  ['httpGet', 'tcpSocket'].map((action) => `container.?${probe}.?${action}.?host.orValue('') == ''`),
);

const acceptedVolumes =
  'name configMap csi downwardAPI emptyDir ephemeral image persistentVolumeClaim projected secret hostPath gitRepo';

const otherCapabilities = [...knownCapabilities].filter(
  (name) => !dangerousCapabilities.has(name) && !defaultCapabilities.has(name),
);

/** Ports below 1024, or below what the pod's own kernel parameter says. */
const firstFreePort =
  "variables.podContext.?sysctls.orValue([]).exists(entry, entry.name == 'net.ipv4.ip_unprivileged_port_start') ? int(variables.podContext.sysctls.filter(entry, entry.name == 'net.ipv4.ip_unprivileged_port_start')[0].value) : 1024";

function flagRail(check: string, field: string): GuardRail {
  return templateRail(check, `!variables.spec.?${field}.orValue(false)`);
}

const escalationRails: readonly GuardRail[] = [
  containerRail('privileged-container', `!${isPrivileged}`),
  containerRail(
    'privilege-escalation',
    `!variables.isLinux || ${isPrivileged} || ${hasCapability('add', ['SYS_ADMIN'])} || ${cannotEscalate}`,
  ),
  containerRail(
    'security-context-contradiction',
    `!variables.isLinux || (!(${user}.orValue(1) == 0 && ${isNonRoot}) && !(${cannotEscalate} && (${isPrivileged} || 'CAP_SYS_ADMIN' in ${capabilities('add')})))`,
  ),
  flagRail('host-pid', 'hostPID'),
  flagRail('host-ipc', 'hostIPC'),
  flagRail('host-network', 'hostNetwork'),
  containerRail(
    'host-port',
    'variables.spec.?hostNetwork.orValue(false) || container.?ports.orValue([]).all(port, port.?hostPort.orValue(0) == 0)',
  ),
  containerRail('host-probe-target', probeHosts.join(' && ')),
  placesRail(
    'windows-host-process',
    '!variables.podContext.?windowsOptions.?hostProcess.orValue(false)',
    `!${own('windowsOptions')}.?hostProcess.orValue(false)`,
  ),
  templateRail(
    'share-process-namespace',
    "!variables.spec.?shareProcessNamespace.orValue(false) || variables.spec.?containers.orValue([]).size() + variables.spec.?initContainers.orValue([]).filter(container, container.?restartPolicy.orValue('') == 'Always').size() < 2",
  ),
  containerRail(
    'sudo-in-command',
    `!(container.?command.orValue([]) + container.?args.orValue([])).exists(word, word.matches(${celText('(?:^|[\\s;&|(])(?:/usr/bin/)?sudo(?:\\s|$)')}))`,
  ),
];

const userRails: readonly GuardRail[] = [
  containerRail('run-as-non-root', `${noRootOfNode} || ${user}.hasValue() || ${isNonRoot}`),
  containerRail('uid-zero', `${noRootOfNode} || ${user}.orValue(1) != 0 || ${isNonRoot}`),
  containerRail(
    'uid-gid-low',
    `${noRootOfNode} || [${user}.orValue(0), ${effective('runAsGroup')}.orValue(0)].all(id, id <= 0 || id >= 10000)`,
  ),
  placesRail(
    'root-group',
    `${noRootOfNode} || (variables.podContext.?runAsGroup.orValue(1) != 0 && variables.podContext.?fsGroup.orValue(1) != 0 && !(0 in variables.podContext.?supplementalGroups.orValue([])))`,
    `${noRootOfNode} || ${own('runAsGroup')}.orValue(1) != 0`,
  ),
  containerRail('rootfs-writable', `!variables.isLinux || ${own('readOnlyRootFilesystem')}.orValue(false)`, 'started'),
  {
    ...templateRail('user-namespace', ({ minor }) =>
      minor < 33
        ? undefined
        : "!variables.isLinux || variables.spec.?hostUsers.orValue(true) == false || !variables.needsRights || ['hostNetwork', 'hostPID', 'hostIPC'].exists(field, variables.spec[?field].orValue(false)) || variables.containers.exists(container, container.?securityContext.?privileged.orValue(false))",
    ),
    variables: {
      needsRights: `variables.containers.exists(container, ${user}.orValue(1) == 0 || ${capabilities('add')}.exists(name, !(name.upperAscii() in ['NET_BIND_SERVICE', 'CAP_NET_BIND_SERVICE'])))`,
    },
  },
  {
    ...containerRail(
      'privileged-port',
      `!variables.isLinux || ${hasCapability('add', ['NET_BIND_SERVICE'])} || container.?ports.orValue([]).all(port, port.containerPort >= variables.firstFreePort)`,
    ),
    variables: { firstFreePort },
  },
  containerRail(
    'ssh-port',
    "container.?ports.orValue([]).all(port, port.containerPort != 22 || port.?protocol.orValue('TCP') != 'TCP')",
  ),
];

const kernelRails: readonly GuardRail[] = [
  containerRail('capabilities-not-dropped', `!variables.isLinux || ${isPrivileged} || ${dropsAll}`),
  containerRail(
    'capabilities-dangerous',
    `!variables.isLinux || !${hasCapability('add', dangerousCapabilities.keys())}`,
  ),
  containerRail('capabilities-added', `!variables.isLinux || !${hasCapability('add', otherCapabilities)}`),
  containerRail(
    'capabilities-net-raw',
    `!variables.isLinux || ${isPrivileged} || (${isKeptFromRoot} && ${cannotEscalate}) || (${capabilities('add')} + ${capabilities('drop')}).size() == 0 || ${hasCapability('drop', ['NET_RAW'])} || (!${hasCapability('add', ['NET_RAW'])} && ${dropsAll})`,
  ),
  containerRail(
    'capabilities-unknown',
    `!variables.isLinux || (${capabilities('add')} + ${capabilities('drop')}).all(name, name.upperAscii() in ${celList(knownCapabilities)})`,
  ),
  containerRail(
    'seccomp-unset',
    `!variables.isLinux || ${isPrivileged} || ${effective('seccompProfile')}.?type.hasValue()`,
  ),
  containerRail(
    'seccomp-unconfined',
    `!variables.isLinux || ${effective('seccompProfile')}.?type.orValue('') != 'Unconfined'`,
  ),
  containerRail(
    'apparmor-unconfined',
    `!variables.isLinux || (${effective('appArmorProfile')}.hasValue() ? ${effective('appArmorProfile')}.?type.orValue('') != 'Unconfined' : variables.annotations[?'container.apparmor.security.beta.kubernetes.io/' + container.name].orValue('') != 'unconfined')`,
  ),
  placesRail(
    'selinux-custom',
    ({ minor }) => `!variables.isLinux || (${selinux('variables.podContext.?seLinuxOptions', minor)})`,
    ({ minor }) => `!variables.isLinux || (${selinux(own('seLinuxOptions'), minor)})`,
  ),
  containerRail(
    'proc-mount',
    ({ minor }) =>
      `!variables.isLinux || ${minor >= 35 ? 'variables.hasUserNamespace || ' : ''}${own('procMount')}.orValue('Default') == 'Default'`,
  ),
  templateRail(
    'unsafe-sysctls',
    ({ minor }) =>
      `!variables.isLinux || variables.podContext.?sysctls.orValue([]).all(entry, entry.name in ${celList(acceptedSysctls(minor))})`,
  ),
];

function selinux(options: string, minor: number): string {
  return `${options}.?type.orValue('') in ${celList(acceptedTypes(minor))} && ${options}.?user.orValue('') == '' && ${options}.?role.orValue('') == ''`;
}

const volumeRails: readonly GuardRail[] = [
  templateRail('runtime-socket', noVolume(`${isHostPath} && ${isAt(socketPattern)}`)),
  templateRail(
    'host-path-sensitive',
    noVolume(`${isHostPath} && !${isAt(socketPattern)} && ${isAt(sensitivePlacePattern)}`),
  ),
  templateRail('host-path', noVolume(`${isHostPath} && !${isAt(socketPattern)} && !${isAt(sensitivePlacePattern)}`)),
  {
    ...containerRail(
      'host-path-writable',
      'container.?volumeMounts.orValue([]).all(mount, mount.?readOnly.orValue(false) || !(mount.name in variables.hostFolders))',
    ),
    variables: {
      hostFolders: `variables.volumes.filter(volume, ${isHostPath} && volume.hostPath.?type.orValue('') != 'Socket' && !${isAt(socketPattern)}).map(volume, volume.name)`,
    },
  },
  templateRail(
    'volume-types',
    `variables.volumes.all(volume, volume.all(field, field in ${celList(acceptedVolumes.split(' '))}))`,
  ),
  templateRail('git-repo-volume', noVolume('has(volume.gitRepo)')),
  templateRail(
    'host-aliases',
    "variables.spec.?hostAliases.orValue([]).all(entry, entry.?ip.orValue('').startsWith('127.') || entry.?ip.orValue('') == '::1')",
  ),
];

const labels = 'object.metadata.?labels';
const isOfSystem = `object.metadata.name in ${celList(systemNamespaces)}`;
const enforced = `${labels}[?${celText(enforceLabel)}].orValue('')`;

const objectRails: readonly GuardRail[] = [
  {
    ...templateRail(
      'naked-pod',
      "object.metadata.?ownerReferences.orValue([]).size() > 0 || 'helm.sh/hook' in object.metadata.?annotations.orValue({}) || (request.namespace == 'kube-system' && object.metadata.?labels.?tier.orValue('') == 'control-plane')",
    ),
    kinds: [{ group: '', version: 'v1', kind: 'Pod', resource: 'pods' }],
    judged: [],
  },
  objectRail(
    'namespace-policy-missing',
    ['Namespace'],
    ['metadata.labels'],
    `${isOfSystem} || ${celText(enforceLabel)} in ${labels}.orValue({})`,
  ),
  objectRail(
    'namespace-policy-privileged',
    ['Namespace'],
    ['metadata.labels'],
    `${isOfSystem} || ${enforced} != 'privileged'`,
  ),
  objectRail(
    'namespace-policy-unpinned',
    ['Namespace'],
    ['metadata.labels'],
    `${isOfSystem} || !(${enforced} in ['baseline', 'restricted']) || ${labels}[?${celText(enforceVersionLabel)}].orValue('latest') != 'latest'`,
  ),
];

export const workloadSecurityRails: readonly GuardRail[] = [
  ...escalationRails,
  ...userRails,
  ...kernelRails,
  ...volumeRails,
  ...objectRails,
];
