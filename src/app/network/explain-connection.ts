// "May A call B, and why?": both ends found by the names that people use, then judged and explained.

import { arrivalsOf, carriageOf, type Carrier, type Inventory, prepareInventory } from '../../inventory/index.ts';
import { formatIpAddress } from '../../kube/cidr.ts';
import { UserError } from '../../model/index.ts';
import {
  type AskedPort,
  type Connections,
  type End,
  type ExplainedSide,
  type Explanation,
  explainConnection,
  findConnections,
  findEnd,
  ingressController,
  isPermitted,
  type Named,
  pickServicePort,
  portsBetween,
  portWords,
  type Protocol,
  withoutPorts,
  workloadOf,
  type WorkloadParty,
} from '../../reachability/index.ts';
import { readApp, type ReadWish } from '../read-app.ts';
import type { Outside } from '../outside.ts';
import { adviseName } from '../suggest-name.ts';

export interface WhyWish {
  readonly reading: ReadWish;
  readonly from: string;
  readonly to: string;
  /** `5432`, `53/udp` or a name; all ports where it is left out. */
  readonly port?: string | undefined;
}

export interface WhyAnswer {
  readonly schema: 'nowwhat.dev/connection/v1';
  readonly from: string;
  readonly to: string;
  /** Where the called was named by its Service: `namespace/name` and the port that it was dialled at. */
  readonly service?: { readonly name: string; readonly port?: number };
  readonly protocol?: Protocol;
  readonly port?: number;
  /** Of the port that was asked for. */
  readonly verdict?: 'allowed' | 'denied' | 'unknown';
  /** True where pods of one workload are not treated alike: this is the pair that gets least. */
  readonly differs: boolean;
  /** Ports in words, as the input stands, and those that are not known; only where no port was asked for. */
  readonly open?: string;
  readonly unknown?: string;
  readonly sides: readonly ExplainedSide[];
  /** Where the ingress controller is an end: who serves what leads in to the workload. */
  readonly served?: readonly ServedWay[];
}

export interface ServedWay {
  /** `Ingress shop/web`. */
  readonly by: string;
  /** What it asks for: `class "internal" (example.com/internal)`. */
  readonly asked: string;
  /** `namespace/name` of what brings its requests, or words for what has no name here; empty where nobody knows. */
  readonly bringers: readonly string[];
  /** False where it may be some of these, or others. */
  readonly isSure: boolean;
}

function refuse(text: string, { choices, names }: { choices: readonly string[]; names: readonly string[] }): never {
  if (choices.length > 0)
    throw new UserError('unknown-end', `"${text}" may be ${choices.join(' or ')}`, 'Write the one that you mean.');
  const all = 'Name a workload as NAME, NAMESPACE/NAME or KIND/NAME, a Service, an address, or ingress-controller.';
  throw new UserError('unknown-end', `nothing of the input is called "${text}"`, adviseName(text, names, all));
}

function resolve(found: Connections, text: string): Named {
  const answer = findEnd(found, text);
  return 'found' in answer ? answer.found : refuse(text, answer);
}

function parseProtocol(word: string): Protocol {
  const protocol = word.toUpperCase();
  if (protocol === 'TCP' || protocol === 'UDP' || protocol === 'SCTP') return protocol;
  throw new UserError('invalid-option', `"${word}" is no protocol`, 'Write 53/udp, 80/tcp or 9000/sctp.');
}

/** A number, or a name of a port of the pods that are called. */
function parsePort(text: string, to: WorkloadParty | undefined): AskedPort {
  const [name = '', word = 'tcp'] = text.split('/');
  const protocol = parseProtocol(word);
  const port = Number(name);
  if (Number.isInteger(port) && port >= 1 && port <= 65_535) return { protocol, port };
  const named = to?.ends.flatMap(({ ports = [] }) => ports).find((each) => each.name === name);
  if (named !== undefined) return { protocol: named.protocol, port: named.port };
  const what = to === undefined ? `"${name}" is no port` : `the pods of ${to.id} have no port named "${name}"`;
  throw new UserError(
    'invalid-option',
    what,
    'Write a number, with a protocol as in 53/udp, or a name of their ports.',
  );
}

function bringerName(carrier: Carrier): string {
  return carrier.kind === 'workload' ? `${carrier.object.namespace}/${carrier.object.name}` : carrier.name;
}

/** Of a cluster only: files do not say what runs there. */
function servedBy(
  { inventory, waysIn }: Connections,
  caller: Named,
  called: Named,
): { readonly served?: readonly ServedWay[] } {
  const workload = workloadOf(called);
  const isLive = inventory.snapshot.facts.cluster !== undefined;
  if (caller.kind !== 'ingress-controller' || workload === undefined || !isLive) return {};
  const ways = waysIn.filter(({ workload: { object } }) => workload.objects.includes(object));
  const served = [...new Set(ways.map(({ by }) => by))].map((by): ServedWay => {
    const { asked, carriers, isSure } = carriageOf(inventory, by);
    return { by: `${by.kind} ${by.namespace}/${by.name}`, asked, bringers: carriers.map(bringerName), isSure };
  });
  return { served };
}

interface Side {
  readonly id: string;
  readonly ends: readonly End[];
}

/** `other` tells which ingress controllers are meant. */
function sideOf(found: Connections, named: Named, other: Named): Side {
  switch (named.kind) {
    case 'workload':
      return { id: named.workload.id, ends: named.workload.ends };
    case 'address':
      return { id: formatIpAddress(named.address), ends: [{ kind: 'outside', address: named.address }] };
    case 'ingress-controller':
      return { id: ingressController, ends: found.bringersTo(workloadOf(other)) };
    case 'service':
      return serviceSide(named);
  }
}

function serviceSide({ service, workloads }: Extract<Named, { kind: 'service' }>): Side {
  const [workload] = workloads;
  if (workload !== undefined) return { id: workload.id, ends: workload.ends };
  throw new UserError(
    'unknown-end',
    `no workload of the input is behind Service "${service.name}"`,
    'Name a workload, or read what the Service selects too.',
  );
}

interface Led extends AskedPort {
  readonly servicePort: number;
}

/** A port of a Service leads to one of the pods. */
function throughService(inventory: Inventory, named: Named, wanted: string | undefined): Led | undefined {
  if (named.kind !== 'service') return undefined;
  const picked = pickServicePort(named.service, wanted);
  const arrival = picked === undefined ? undefined : arrivalsOf(inventory, named.service, picked.port)[0];
  if (picked === undefined || arrival?.port === undefined) return undefined;
  return { protocol: picked.protocol, port: arrival.port, servicePort: picked.port };
}

const verdictRank = (open: boolean | undefined): number => (open === false ? 0 : open === undefined ? 1 : 2);
const mostPods = 30;

interface Pair {
  readonly explanation: Explanation;
  readonly rank: number;
}

function explainPairs(found: Connections, ends: { from: Side; to: Side }, asked: AskedPort | undefined): Pair[] {
  return ends.from.ends.slice(0, mostPods).flatMap((from) =>
    ends.to.ends.slice(0, mostPods).map((to) => {
      const explanation = explainConnection(found.inventory, found.set, { from, to, asked });
      const { judged } = explanation;
      return { explanation, rank: judged === undefined ? 2 : verdictRank(isPermitted(judged)) };
    }),
  );
}

/** All ports in words. */
function openPorts(found: Connections, from: Named, to: Named): Pick<WhyAnswer, 'open' | 'unknown'> {
  const graded = portsBetween(found, from, to);
  if (graded === undefined) return {};
  return { open: portWords(graded.read), unknown: portWords(withoutPorts(graded.possible, graded.sure)) };
}

function serviceOf(named: Named, led: Led | undefined): Pick<WhyAnswer, 'service'> {
  if (named.kind !== 'service') return {};
  const name = `${named.service.namespace}/${named.service.name}`;
  return { service: led === undefined ? { name } : { name, port: led.servicePort } };
}

const verdictWords = ['denied', 'unknown', 'allowed'] as const;

function checkEnds(from: Named, to: Named): void {
  if (workloadOf(from) !== undefined || workloadOf(to) !== undefined) return;
  throw new UserError('unknown-end', 'neither end is a workload of the input', 'Policies judge pods: name one.');
}

function askedPort(led: Led | undefined, text: string | undefined, to: Named): AskedPort | undefined {
  if (led !== undefined) return { protocol: led.protocol, port: led.port };
  return text === undefined ? undefined : parsePort(text, workloadOf(to));
}

interface Weighed extends Pick<WhyAnswer, 'differs' | 'served'> {
  readonly verdict: NonNullable<WhyAnswer['verdict']>;
}

/** Which of several brings the requests may not be known: what only some of them may is not known then either. */
function weigh(pairs: readonly Pair[], { served }: Pick<WhyAnswer, 'served'>): Weighed {
  const isMixed = new Set(pairs.map(({ rank }) => rank)).size > 1;
  const isUnclear = isMixed && (served ?? []).some(({ isSure }) => !isSure);
  const least = verdictWords[pairs[0]?.rank ?? 1] ?? 'unknown';
  const told = served === undefined ? {} : { served };
  return { verdict: isUnclear ? 'unknown' : least, differs: isMixed && !isUnclear, ...told };
}

export async function answerWhy(wish: WhyWish, outside: Outside): Promise<WhyAnswer> {
  const { snapshot } = await readApp(wish.reading, outside);
  const inventory = await prepareInventory(snapshot);
  const found = findConnections(inventory);
  const [caller, called] = [resolve(found, wish.from), resolve(found, wish.to)];
  checkEnds(caller, called);
  const [from, to] = [sideOf(found, caller, called), sideOf(found, called, caller)];
  const led = throughService(inventory, called, wish.port);
  const asked = askedPort(led, wish.port, called);
  const pairs = explainPairs(found, { from, to }, asked).sort((a, b) => a.rank - b.rank);
  const { verdict, ...told } = weigh(pairs, servedBy(found, caller, called));
  return {
    schema: 'nowwhat.dev/connection/v1',
    from: from.id,
    to: to.id,
    ...serviceOf(called, led),
    ...(asked === undefined ? openPorts(found, caller, called) : { ...asked, verdict }),
    ...told,
    sides: pairs[0]?.explanation.sides ?? [],
  };
}
