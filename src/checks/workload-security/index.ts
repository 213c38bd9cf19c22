// The checks of the family workload-security, in the order of the report.
import type { Check } from '../check.ts';
import { apparmorUnconfined } from './apparmor-unconfined.ts';
import { capabilitiesAdded } from './capabilities-added.ts';
import { capabilitiesDangerous } from './capabilities-dangerous.ts';
import { capabilitiesNetRaw } from './capabilities-net-raw.ts';
import { capabilitiesNotDropped } from './capabilities-not-dropped.ts';
import { capabilitiesUnknown } from './capabilities-unknown.ts';
import { gitRepoVolume } from './git-repo-volume.ts';
import { hostAliases } from './host-aliases.ts';
import { hostIpc } from './host-ipc.ts';
import { hostNetwork } from './host-network.ts';
import { hostPath } from './host-path.ts';
import { hostPathSensitive } from './host-path-sensitive.ts';
import { hostPathWritable } from './host-path-writable.ts';
import { hostPid } from './host-pid.ts';
import { hostPort } from './host-port.ts';
import { hostProbeTarget } from './host-probe-target.ts';
import { nakedPod } from './naked-pod.ts';
import { namespacePolicyInvalid } from './namespace-policy-invalid.ts';
import { namespacePolicyMissing } from './namespace-policy-missing.ts';
import { namespacePolicyPrivileged } from './namespace-policy-privileged.ts';
import { namespacePolicyUnpinned } from './namespace-policy-unpinned.ts';
import { podSecurityRejected } from './pod-security-rejected.ts';
import { privilegeEscalation } from './privilege-escalation.ts';
import { privilegedContainer } from './privileged-container.ts';
import { privilegedPort } from './privileged-port.ts';
import { procMount } from './proc-mount.ts';
import { rootGroup } from './root-group.ts';
import { rootfsWritable } from './rootfs-writable.ts';
import { runAsNonRoot } from './run-as-non-root.ts';
import { runtimeSocket } from './runtime-socket.ts';
import { seccompUnconfined } from './seccomp-unconfined.ts';
import { seccompUnset } from './seccomp-unset.ts';
import { securityContextContradiction } from './security-context-contradiction.ts';
import { selinuxCustom } from './selinux-custom.ts';
import { shareProcessNamespace } from './share-process-namespace.ts';
import { sshPort } from './ssh-port.ts';
import { sudoInCommand } from './sudo-in-command.ts';
import { uidGidLow } from './uid-gid-low.ts';
import { uidZero } from './uid-zero.ts';
import { unsafeSysctls } from './unsafe-sysctls.ts';
import { userNamespace } from './user-namespace.ts';
import { volumeTypes } from './volume-types.ts';
import { windowsHostProcess } from './windows-host-process.ts';
import { sandboxMissing } from './sandbox-missing.ts';

export const workloadSecurityChecks: readonly Check[] = [
  securityContextContradiction,
  privilegedContainer,
  privilegeEscalation,
  runAsNonRoot,
  uidZero,
  uidGidLow,
  rootGroup,
  rootfsWritable,
  capabilitiesNotDropped,
  capabilitiesDangerous,
  capabilitiesAdded,
  capabilitiesNetRaw,
  capabilitiesUnknown,
  seccompUnset,
  seccompUnconfined,
  apparmorUnconfined,
  selinuxCustom,
  procMount,
  unsafeSysctls,
  hostPid,
  hostIpc,
  hostNetwork,
  hostPort,
  privilegedPort,
  sshPort,
  runtimeSocket,
  hostPathSensitive,
  hostPath,
  hostPathWritable,
  volumeTypes,
  gitRepoVolume,
  hostProbeTarget,
  windowsHostProcess,
  shareProcessNamespace,
  userNamespace,
  sandboxMissing,
  sudoInCommand,
  hostAliases,
  nakedPod,
  podSecurityRejected,
  namespacePolicyMissing,
  namespacePolicyPrivileged,
  namespacePolicyInvalid,
  namespacePolicyUnpinned,
];
