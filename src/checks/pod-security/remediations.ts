// What to do about a breach of each control of the Pod Security Standards.

const escalation = 'Set allowPrivilegeEscalation: false in the securityContext of each container.';
const capabilities = 'Drop ALL capabilities in each container, and add back NET_BIND_SERVICE at most.';
const masks = 'Remove procMount.';
const seccomp = 'Set seccompProfile.type: RuntimeDefault in the securityContext of the pod.';

/** By the id of the control. */
export const remediations: Readonly<Record<string, string>> = {
  hostNamespaces: 'Remove hostNetwork, hostPID and hostIPC.',
  privileged: 'Remove securityContext.privileged.',
  capabilities_baseline: 'Remove the capabilities that containers do not have by default.',
  hostPathVolumes: 'Replace the hostPath volume by a claim, an emptyDir or a ConfigMap.',
  hostPorts: 'Remove hostPort, and reach the pod through a Service.',
  hostProbesAndHostLifecycle: 'Remove host from probes and lifecycle hooks.',
  appArmorProfile: 'Remove the AppArmor profile, or name RuntimeDefault or Localhost.',
  seLinuxOptions: 'Remove user, role and type from seLinuxOptions.',
  procMount: masks,
  seccompProfile_baseline: 'Remove the Unconfined profile.',
  sysctls: 'Remove the kernel parameters that are not safe.',
  windowsHostProcess: 'Remove windowsOptions.hostProcess.',
  restrictedVolumes:
    'Use configMap, csi, downwardAPI, emptyDir, ephemeral, image, persistentVolumeClaim, projected or secret.',
  allowPrivilegeEscalation: escalation,
  runAsNonRoot: 'Set runAsNonRoot: true in the securityContext of the pod.',
  runAsUser: 'Name another user than 0 in runAsUser.',
  seccompProfile_restricted: seccomp,
  capabilities_restricted: capabilities,
  procMount_restricted: masks,
};
