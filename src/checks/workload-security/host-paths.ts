// Volumes from the node's own file system, and how much of the node each of them gives away.

import type { Workload } from '../../inventory/index.ts';
import { asArray, asObject, asString, type Path, type Severity } from '../../model/index.ts';

export interface SensitivePath {
  readonly path: string;
  /** True where everything below is as sensitive. */
  readonly below: boolean;
  readonly severity: Severity;
  readonly consequence: string;
}

const takeover = 'writing there is running code as root on the node';
const credentials = 'credentials of the cluster are kept there';

function sensitive(
  paths: string,
  consequence: string,
  { below = true, severity = 'critical' }: { below?: boolean; severity?: Severity } = {},
): SensitivePath[] {
  return paths.split(' ').map((path) => ({ path, below, severity, consequence }));
}

/** Places of a node that lead to the rest of it. Most specific first: the first match counts. */
export const sensitivePaths: readonly SensitivePath[] = [
  ...sensitive('/etc/kubernetes /var/lib/kubelet /var/lib/rancher /var/lib/minikube /root', credentials),
  ...sensitive('/var/lib/etcd', 'the whole state of the cluster is kept there, Secrets included'),
  ...sensitive('/var/lib/docker /var/lib/containerd /var/lib/containers', 'files of all containers are kept there'),
  ...sensitive('/etc/passwd /etc/shadow /etc/sudoers /etc/sudoers.d /etc/ssh', 'accounts of the node are kept there'),
  ...sensitive('/etc/cron.d /etc/crontab /etc/systemd /etc/cni /opt/cni /var/spool/cron /boot', takeover),
  ...sensitive('/bin /sbin /usr/bin /usr/sbin /usr/local/bin', takeover),
  ...sensitive('/ /etc /usr /lib /lib64 /var /var/lib /opt', takeover, { below: false }),
  ...sensitive('/dev', 'disks and memory of the node are found there', { below: false }),
  ...sensitive('/proc /sys', 'kernel settings and all processes of the node are found there', { severity: 'high' }),
  ...sensitive('/home', 'files of the people on the node are kept there', { below: false, severity: 'high' }),
  ...sensitive('/var/log', 'with write access, links in it lead to any file of the node', {
    below: false,
    severity: 'high',
  }),
  ...sensitive('c: c:/windows c:/programdata', takeover, { below: false }),
];

/** Sockets of the programs that run containers; `/var/run` is `/run`. */
export const runtimeSockets: readonly string[] = [
  '/run/docker.sock',
  '/run/containerd/containerd.sock',
  '/run/crio/crio.sock',
  '/run/cri-dockerd.sock',
  '/run/dockershim.sock',
  '/run/k3s/containerd/containerd.sock',
  '/run/podman/podman.sock',
  '//./pipe/docker_engine',
  '//./pipe/containerd-containerd',
];

export interface HostPathVolume {
  readonly name: string;
  /** As written. */
  readonly hostPath: string;
  /** `hostPath.type`: '' where it is left out. */
  readonly type: string;
  readonly at: Path;
  /** The socket that is reached, if any. */
  readonly socket?: string;
  /** Why the place is sensitive, if it is and no socket is in it. */
  readonly sensitive?: Pick<SensitivePath, 'severity' | 'consequence'>;
}

function normalize(path: string): string {
  const slashes = path.replaceAll('\\', '/');
  if (slashes.startsWith('//./')) return slashes.toLowerCase();
  const single = slashes.replace(/\/+/g, '/').replace(/(?<=.)\/$/, '');
  const lower = /^[A-Za-z]:/.test(single) ? single.toLowerCase() : single;
  return lower.replace(/^\/var\/run(?=\/|$)/, '/run');
}

const isBelow = (path: string, folder: string): boolean => path.startsWith(folder === '/' ? '/' : `${folder}/`);

function classify(path: string): Pick<HostPathVolume, 'socket' | 'sensitive'> {
  // The root folder holds the sockets too, but more than that.
  const socket = path === '/' ? undefined : runtimeSockets.find((item) => item === path || isBelow(item, path));
  if (socket !== undefined) return { socket };
  const match = sensitivePaths.find((item) => item.path === path || (item.below && isBelow(path, item.path)));
  return match === undefined ? {} : { sensitive: match };
}

/** True for a path of a node that leads to more than itself. */
export function isSensitive(path: string): boolean {
  const { socket, sensitive: match } = classify(normalize(path));
  return socket !== undefined || match !== undefined;
}

/** All volumes of a pod template that mount a path of the node. */
export function hostPathVolumes({ spec, specPath }: Workload): HostPathVolume[] {
  return asArray(spec['volumes']).flatMap((item, index) => {
    const volume = asObject(item);
    const source = asObject(volume['hostPath']);
    const hostPath = asString(source['path']);
    if (hostPath === undefined) return [];
    return {
      name: asString(volume['name']) ?? '',
      hostPath,
      type: asString(source['type']) ?? '',
      at: [...specPath, 'volumes', index, 'hostPath', 'path'],
      ...classify(normalize(hostPath)),
    };
  });
}

export interface HostPathMount {
  readonly container: string;
  readonly volume: HostPathVolume;
  readonly readOnly: boolean;
  readonly at: Path;
}

/** Where the containers of a pod mount these volumes. */
export function hostPathMounts(workload: Workload): HostPathMount[] {
  const volumes = new Map(hostPathVolumes(workload).map((volume) => [volume.name, volume]));
  return workload.containers.flatMap(({ name, raw, path }) =>
    asArray(raw['volumeMounts']).flatMap((item, index) => {
      const mount = asObject(item);
      const volume = volumes.get(asString(mount['name']) ?? '');
      if (volume === undefined) return [];
      return { container: name, volume, readOnly: mount['readOnly'] === true, at: [...path, 'volumeMounts', index] };
    }),
  );
}
