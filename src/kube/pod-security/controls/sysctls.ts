// Kernel parameters: only those that stay within the pod.

import { asArray } from '../../../model/index.ts';
import { type Breach, breachAt, type Control, fieldOf, type PodView, type Revision, textOf } from '../control.ts';

const field = ['securityContext', 'sysctls'];

/** The kernel parameters that each policy version adds to those of the versions before it. */
const additions = [
  {
    since: 0,
    names: [
      'kernel.shm_rmid_forced',
      'net.ipv4.ip_local_port_range',
      'net.ipv4.ip_unprivileged_port_start',
      'net.ipv4.ping_group_range',
      'net.ipv4.tcp_syncookies',
    ],
  },
  { since: 27, names: ['net.ipv4.ip_local_reserved_ports'] },
  {
    since: 29,
    names: [
      'net.ipv4.tcp_fin_timeout',
      'net.ipv4.tcp_keepalive_intvl',
      'net.ipv4.tcp_keepalive_probes',
      'net.ipv4.tcp_keepalive_time',
    ],
  },
  { since: 32, names: ['net.ipv4.tcp_rmem', 'net.ipv4.tcp_wmem'] },
  { since: 37, names: ['net.ipv4.tcp_notsent_lowat', 'net.ipv4.tcp_slow_start_after_idle'] },
];

function findSysctls(pod: PodView, allowed: ReadonlySet<string>): Breach[] {
  const place = pod.self;
  return asArray(fieldOf(place, field)).flatMap((_, index) => {
    const at = [...field, index, 'name'];
    const name = textOf(fieldOf(place, at));
    return allowed.has(name) ? [] : [breachAt(place, at, `sets the kernel parameter ${JSON.stringify(name)}`)];
  });
}

/** The kernel parameters that policy version 1.`minor` accepts. */
export function acceptedSysctls(minor: number): ReadonlySet<string> {
  return new Set(additions.filter(({ since }) => since <= minor).flatMap(({ names }) => names));
}

function revisionSince(since: number): Revision {
  const allowed = acceptedSysctls(since);
  return { since, find: (pod) => findSysctls(pod, allowed) };
}

export const sysctls: Control = {
  id: 'sysctls',
  title: 'Pods set only kernel parameters that are safe',
  level: 'baseline',
  revisions: additions.map(({ since }) => revisionSince(since)),
};
