// Addresses of Services: cluster addresses from 10.96.0.0/16, node ports from 30000 on, the lowest that is free.

import { asArray, asNumber, asObject, asString, type JsonObject } from '../../model/index.ts';
import type { Kernel } from '../kernel.ts';
import { specOf } from './edit.ts';

function addressOf(index: number): string {
  return `10.96.${Math.floor(index / 256)}.${index % 256}`;
}

function freeAddress({ store }: Kernel): string {
  const used = new Set(store.list('/services').map((each) => asString(specOf(each)['clusterIP'])));
  // The first addresses are the API server's and the DNS service's.
  for (let index = 20; index < 65_535; index += 1) if (!used.has(addressOf(index))) return addressOf(index);
  throw new Error('all cluster addresses are in use');
}

function usedNodePorts({ store }: Kernel): Set<number> {
  const ports = store.list('/services').flatMap((each) => asArray(specOf(each)['ports']).map(asObject));
  return new Set(ports.flatMap((port) => asNumber(port['nodePort']) ?? []));
}

function withNodePorts(kernel: Kernel, spec: JsonObject): JsonObject {
  const used = usedNodePorts(kernel);
  const ports = asArray(spec['ports']).map((raw) => {
    const port = asObject(raw);
    if (port['nodePort'] !== undefined) return port;
    let nodePort = 30_000;
    while (used.has(nodePort)) nodePort += 1;
    used.add(nodePort);
    return { ...port, nodePort };
  });
  return { ...spec, ports };
}

function withAddresses(kernel: Kernel, spec: JsonObject): JsonObject {
  const type = spec['type'];
  if (type === 'ExternalName') return spec;
  const clusterIP = asString(spec['clusterIP']) ?? freeAddress(kernel);
  const addressed = { ...spec, clusterIP, clusterIPs: [clusterIP] };
  return type === 'NodePort' || type === 'LoadBalancer' ? withNodePorts(kernel, addressed) : addressed;
}

export function withServiceAddresses(kernel: Kernel, object: JsonObject): JsonObject {
  return { ...object, spec: withAddresses(kernel, specOf(object)), status: { loadBalancer: {} } };
}
