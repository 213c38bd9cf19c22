// Linux capabilities: the names there are, which of them lead to the node, and what a container adds and drops.

import type { PodContainer } from '../../kube/pod-template.ts';
import { asArray, asObject, asString, type Path } from '../../model/index.ts';

/** What a capability outside the runtimes' default set lets a process do. Source: capabilities(7), Linux 6.12. */
export const dangerousCapabilities: ReadonlyMap<string, string> = new Map([
  ['ALL', 'it has every right of root on the node'],
  ['SYS_ADMIN', 'it can mount file systems and leave the container'],
  ['SYS_MODULE', 'it can load code into the kernel'],
  ['SYS_PTRACE', 'it can read and change other processes'],
  ['SYS_RAWIO', 'it can read and write memory and devices of the node'],
  ['SYS_BOOT', 'it can restart the node'],
  ['SYS_TIME', "it can change the node's clock, on which certificates and logs rely"],
  ['SYSLOG', 'it can read kernel addresses and messages'],
  ['NET_ADMIN', 'it can change routes, firewall rules and interfaces'],
  ['DAC_READ_SEARCH', 'it can read any file of the node'],
  ['BPF', 'it can load programs into the kernel'],
  ['PERFMON', 'it can trace the kernel and other processes'],
  ['MAC_ADMIN', 'it can change the access policy of the node'],
  ['MAC_OVERRIDE', 'it is not held by the access policy of the node'],
  ['CHECKPOINT_RESTORE', 'it can forge process identities'],
  ['LINUX_IMMUTABLE', 'it can lift the protection of files'],
  ['AUDIT_CONTROL', "it can turn off the kernel's audit"],
]);

/** What containerd and CRI-O give to a container that says nothing; taking one of these back after dropping all is no news. */
const defaults =
  'AUDIT_WRITE CHOWN DAC_OVERRIDE FOWNER FSETID KILL MKNOD NET_BIND_SERVICE NET_RAW SETFCAP SETGID SETPCAP SETUID SYS_CHROOT'.split(
    ' ',
  );
export const defaultCapabilities: ReadonlySet<string> = new Set(defaults);

const others =
  'AUDIT_READ BLOCK_SUSPEND IPC_LOCK IPC_OWNER LEASE NET_BROADCAST SYS_NICE SYS_PACCT SYS_RESOURCE SYS_TTY_CONFIG WAKE_ALARM'.split(
    ' ',
  );
/** Every name, and `ALL`. */
export const knownCapabilities: ReadonlySet<string> = new Set([
  ...dangerousCapabilities.keys(),
  ...defaults,
  ...others,
]);

export interface CapabilityEntry {
  readonly written: string;
  /** In upper case and without `CAP_`, as runtimes compare it. */
  readonly name: string;
  readonly path: Path;
}

export function capabilityEntries({ raw, path }: PodContainer, list: 'add' | 'drop'): CapabilityEntry[] {
  const capabilities = asObject(asObject(raw['securityContext'])['capabilities']);
  return asArray(capabilities[list]).flatMap((item, index) => {
    const written = asString(item);
    if (written === undefined) return [];
    const name = written.toUpperCase().replace(/^CAP_/, '');
    return { written, name, path: [...path, 'securityContext', 'capabilities', list, index] };
  });
}

/** `drop: [ALL]`, in any case: runtimes compare it without regard to case, but take `CAP_ALL` for a name. */
export function dropsAll(container: PodContainer): boolean {
  return capabilityEntries(container, 'drop').some(({ written }) => written.toUpperCase() === 'ALL');
}
