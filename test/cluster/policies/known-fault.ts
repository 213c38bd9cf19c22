// A fault of networks that this test has found, so that it is told apart from faults of the engine.

import { asArray, asObject, isJsonObject, type Json, type JsonObject } from '../../../src/model/index.ts';
import type { ProbePod } from './probe-pods.ts';

/** In words, for who reads the test's output. */
export const knownFault =
  'a named port of an egress rule that names no pods is taken for the number that the name has at some other pod';

function numbersOf(entry: JsonObject, pods: readonly ProbePod[]): JsonObject[] {
  const name = entry['port'];
  if (name !== 'http' && name !== 'alt') return [entry];
  return [...new Set(pods.map(({ ports }) => ports[name]))].map((port) => ({ ...entry, port }));
}

function withNumbers(rule: JsonObject, pods: readonly ProbePod[]): JsonObject {
  const ports = asArray(rule['ports']);
  return ports.length === 0 ? rule : { ...rule, ports: ports.flatMap((each) => numbersOf(asObject(each), pods)) };
}

/** Without peers the numbers are those of any pod, with a block those of the caller. */
function faultyRules(rule: JsonObject, caller: ProbePod, pods: readonly ProbePod[]): JsonObject[] {
  const peers = asArray(rule['to']);
  if (peers.length === 0) return [withNumbers(rule, pods)];
  const blocks: Json[] = peers.filter((each) => isJsonObject(each) && each['ipBlock'] !== undefined);
  const selectors = peers.filter((each) => !blocks.includes(each));
  return [
    ...(selectors.length === 0 ? [] : [{ ...rule, to: selectors }]),
    ...(blocks.length === 0 ? [] : [withNumbers({ ...rule, to: blocks }, [caller])]),
  ];
}

/** The policy as a network with the fault holds the caller to it. */
export function withKnownFault(policy: JsonObject, caller: ProbePod, pods: readonly ProbePod[]): JsonObject {
  const spec = asObject(policy['spec']);
  const egress = asArray(spec['egress']).flatMap((rule) => faultyRules(asObject(rule), caller, pods));
  return { ...policy, spec: { ...spec, egress } };
}
