// The pod that stands in for a workload: its labels and its ports, and nothing else of it. It greets whoever connects.

import { asObject, asString, type JsonObject } from '../../../model/index.ts';
import { passingPodSpec } from '../../cluster/passing-pod.ts';
import type { StandIn } from '../../../inference/index.ts';

export const container = 'stand-in';
export const greeting = 'nowwhat';
/** Should nobody be there to delete it, the kubelet ends it after this time. */
const lifetimeSeconds = 1800;

/** Programs called nc differ in how they listen; whichever works answers every connection. */
const listen = `for port in "$@"; do
  (while :; do
    nc -ll -p "$port" -e echo ${greeting} 2>/dev/null || echo ${greeting} | nc -l -p "$port" >/dev/null 2>&1 || sleep 1
  done) &
done
sleep ${lifetimeSeconds}`;

const resources = { requests: { cpu: '10m', memory: '16Mi' }, limits: { memory: '32Mi' } };

function podSpec(image: string, command: readonly string[], seconds: number): JsonObject {
  return passingPodSpec({ container, image, command, seconds, resources });
}

/** One that only calls. */
export function callingPod(image: string, seconds: number): JsonObject {
  return podSpec(image, ['sleep', String(seconds)], seconds);
}

/** Ports below 1024 are opened to it by a setting that the standards call safe. */
export function standInPod({ name, namespace, labels, ports }: StandIn, image: string): JsonObject {
  const spec = podSpec(image, ['sh', '-c', listen, container, ...ports.map(String)], lifetimeSeconds);
  const sysctls = [{ name: 'net.ipv4.ip_unprivileged_port_start', value: '0' }];
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace, labels: { ...labels } },
    spec: { ...spec, securityContext: { ...asObject(spec['securityContext']), sysctls } },
  };
}

/** The pod's address once it runs. */
export function addressOf(pod: JsonObject): string | undefined {
  const { phase, podIP } = asObject(pod['status']);
  return phase === 'Running' ? asString(podIP) : undefined;
}

/** For each `address,port` a line that ends in `open` or `closed`. A refused one is tried again: a listener may just have been busy. */
export const askPorts = `for target in "$@"; do
  host=\${target%,*}; port=\${target##*,}; state=closed
  for attempt in 1 2; do
    if echo hello | timeout 3 nc -w 2 "$host" "$port" 2>/dev/null | grep -q ${greeting}; then state=open; break; fi
  done
  echo "$target $state"
done`;

/**
 * The same for ports of somebody else's: they are connected to, and nothing is said to them. One program called nc runs another one when it is
 * connected, another only looks.
 */
export const askDoors = `for target in "$@"; do
  (
    host=\${target%,*}; port=\${target##*,}; state=closed
    for attempt in 1 2; do
      if timeout 3 nc -w 2 "$host" "$port" -e true </dev/null >/dev/null 2>&1 ||
        timeout 3 nc -z -w 2 "$host" "$port" </dev/null >/dev/null 2>&1; then state=open; break; fi
    done
    echo "$target $state"
  ) &
done
wait`;

/** The same for the name server. */
export const askNames = `if timeout 8 nslookup kubernetes.default.svc.cluster.local. >/dev/null 2>&1; then echo open; else echo closed; fi`;
