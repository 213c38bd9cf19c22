// Who brings the requests of an Ingress or a route to the pods: the program that serves its class, or all that may.

import { type Carriage, carriageOf, type Carrier } from '../../inventory/index.ts';
import type { KubeObject } from '../../model/index.ts';
import type { Answers } from './answers.ts';
import { type Decision, nameOfPeer, type Peer } from './need.ts';
import type { Directory } from './peer-of-party.ts';
import { nodesPeer } from './peer-of-party.ts';
import { anyCaller, peerOfProgram } from './platform.ts';

export interface Bringers {
  readonly callers: readonly Peer[];
  readonly decision?: Omit<Decision, 'about'>;
}

function adviceFor([name]: readonly string[]): string {
  const whose = name === undefined ? 'ingress' : `ingress:${name}`;
  return `Name its pods: --peer ${whose}=ingress-nginx/app.kubernetes.io/name=ingress-nginx, or look at the cluster with --context`;
}

function toldFor(answers: Answers, names: readonly string[]): Peer[] {
  const told = names.flatMap((name) => answers.get(`ingress:${name.toLowerCase()}`) ?? []);
  const forAll = answers.get('ingress');
  return told.length > 0 || forAll === undefined ? told : [forAll];
}

/** A proxy in the network of its node, where the nodes are not known. */
function unnamedNodes({ platform }: Directory, name: string): Bringers {
  const named = nodesPeer(platform, name);
  if (!('peer' in named)) return { callers: [] };
  return { callers: [named.peer], ...(named.decision === undefined ? {} : { decision: named.decision }) };
}

/** Cilium knows its own proxy by a name of its own, whatever address it calls from. Source: docs.cilium.io, Ingress and network policy. */
function proxyOfNodes(directory: Directory, name: string): Bringers {
  const { nodes, hasCilium } = directory.platform;
  if (!hasCilium || nodes?.kind !== 'addresses') return unnamedNodes(directory, name);
  return { callers: [{ ...nodes, name: `ingress of ${name}`, cilium: { entities: ['ingress'] } }] };
}

function bringersBy(directory: Directory, carrier: Carrier): Bringers {
  const { inventory, platform } = directory;
  switch (carrier.kind) {
    case 'workload': {
      const { namespace, name } = carrier.object;
      const callers = peerOfProgram(inventory, carrier, platform.nodes);
      return callers.length > 0 ? { callers } : unnamedNodes(directory, `${namespace}/${name}`);
    }
    case 'pods':
      return { callers: [carrier] };
    case 'nodes':
      return proxyOfNodes(directory, carrier.name);
    case 'outside':
      return {
        callers: [anyCaller(platform)],
        decision: {
          done: `${carrier.name} calls from outside of the cluster: opened for every address`,
          advice: 'Give the addresses of its load balancers: --peer ingress=10.0.0.0/16',
        },
      };
  }
}

function labelWords(carrier: Carrier): string[] {
  if (carrier.kind !== 'pods') return [];
  return Object.entries(carrier.labels).map(([key, value]) => `${key}: ${value}`);
}

/** What is said where the input does not tell who serves. */
function doubtOf({ carriers, isSure, asked, names }: Carriage, callers: readonly Peer[]): Bringers['decision'] {
  if (isSure) return undefined;
  const advice = adviceFor(names);
  const labels = carriers.flatMap(labelWords).join(', ');
  if (carriers.some(({ kind }) => kind === 'workload'))
    return {
      done: `${asked} may be served by any of ${callers.map(nameOfPeer).join(', ')}: opened for each of them`,
      advice,
    };
  return { done: `whoever serves ${asked} is taken to carry the label ${labels}`, advice };
}

const anybody: Peer = { kind: 'pods', name: 'pods of every namespace', labels: {} };

/** One caller for each program that serves, or may serve, an Ingress, a route or a Route. */
export function bringersOf(directory: Directory, object: KubeObject): Bringers {
  const carriage = carriageOf(directory.inventory, object);
  const told = toldFor(directory.platform.answers, carriage.names);
  if (told.length > 0) return { callers: told };
  if (carriage.carriers.length === 0)
    return {
      callers: [anybody],
      decision: {
        done: `which pods serve ${carriage.asked} is not known: opened for the pods of every namespace`,
        advice: adviceFor(carriage.names),
      },
    };
  const found = carriage.carriers.map((carrier) => bringersBy(directory, carrier));
  const callers = found.flatMap((each) => each.callers);
  const decision = doubtOf(carriage, callers) ?? found.find((each) => each.decision !== undefined)?.decision;
  return { callers, ...(decision === undefined ? {} : { decision }) };
}
