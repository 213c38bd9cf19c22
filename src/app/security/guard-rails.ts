// Guard rails for a cluster: the policies, what of today they would refuse, and what the settings except from them.

import type { Check, CheckOptions } from '../../checks/index.ts';
import type { GuardRail, RailAction, RailException, RailPolicy } from '../../checks/guard-rails/index.ts';
import {
  assemblePolicies,
  builtInRails,
  findCustomPodKinds,
  findRepeatedPods,
  policyName,
  requestFor,
  withCustomKinds,
} from '../../checks/guard-rails/index.ts';
import { renderBlock } from '../../fixes/index.ts';
import { type Inventory, prepareInventory } from '../../inventory/index.ts';
import { matchesPattern } from '../../journey/index.ts';
import { type AdmissionPolicy, compileAdmissionPolicy } from '../../kube/admission/admission-policy.ts';
import { systemNamespaces } from '../../kube/system-namespaces.ts';
import {
  asObject,
  type JsonObject,
  kubectlCommand,
  type KubeObject,
  type NamedCluster,
  type Position,
  type Severity,
  UserError,
} from '../../model/index.ts';
import { newestKnownMinor } from '../../kube/versions.ts';
import { chooseChecks } from '../journey/choose-checks.ts';
import { type LoadedConfig, readConfig } from '../config/read-config.ts';
import { readApp, type ReadWish } from '../read-app.ts';
import type { Outside } from '../outside.ts';

export interface GuardRailsWish extends ReadWish {
  readonly only?: readonly string[] | undefined;
  readonly skip?: readonly string[] | undefined;
  /** Deny what nothing of today breaks, instead of watching all. */
  readonly enforce: boolean;
  /** Where the policies hold; empty for all namespaces but Kubernetes' own. */
  readonly railNamespaces: readonly string[];
}

interface Broken {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  /** In files. */
  readonly position?: Pick<Position, 'file' | 'line'>;
}

export interface RailView {
  readonly check: string;
  readonly title: string;
  readonly severity: Severity;
  readonly policy: string;
  readonly kinds: readonly string[];
  readonly action: RailAction;
  /** What of the input the policy would refuse, exceptions aside. */
  readonly breaks: readonly Broken[];
  /** Subjects that the settings except, with the date until which they do. */
  readonly exceptions: readonly Pick<RailException, 'subject' | 'container' | 'owner' | 'until'>[];
}

export interface GuardRailsAnswer {
  readonly schema: 'nowwhat.dev/guard-rails/v1';
  /** Target Kubernetes 1.N. */
  readonly minor: number;
  readonly namespaces: readonly string[];
  /** Whether an input was judged: without one nothing is known of today. */
  readonly judged: boolean;
  readonly rails: readonly RailView[];
  /** ValidatingAdmissionPolicies and their bindings, in the order of the rails. */
  readonly objects: readonly JsonObject[];
  readonly notices: readonly string[];
}

/** `admissionregistration.k8s.io/v1` has admission policies from 1.30. */
const firstMinor = 30;

function requireServed(minor: number): void {
  if (minor >= firstMinor) return;
  throw new UserError(
    'policies-not-served',
    `Kubernetes 1.${minor} has no ValidatingAdmissionPolicies of v1`,
    `Upgrade to 1.${firstMinor} or later, or name another target with --kube-version.`,
  );
}

function requireRails(only: readonly string[] | undefined): void {
  const ids = new Set(builtInRails.map(({ check }) => check));
  const wrong = only?.find((id) => !ids.has(id));
  if (wrong === undefined) return;
  throw new UserError(
    'no-guard-rail',
    `the check "${wrong}" cannot be an admission policy: it looks at more than one object, or at what no policy sees`,
    'Leave it out, and run it in your pipeline with nowwhat check; docs/guard-rails.md has the list.',
  );
}

interface Place {
  readonly inventory: Inventory | undefined;
  readonly settings: LoadedConfig;
  readonly options: CheckOptions;
}

async function readPlace(wish: GuardRailsWish, outside: Outside): Promise<Place> {
  const isEmpty = wish.inputs.length === 0 && wish.cluster === undefined;
  const app = isEmpty ? undefined : await readApp(wish, outside);
  const settings = app?.settings ?? (await readConfig('.', wish.configFile));
  const minor = app?.snapshot.facts.minor ?? wish.minor ?? newestKnownMinor;
  const { allowedRegistries = [] } = settings.config;
  const inventory = app === undefined ? undefined : await prepareInventory(app.snapshot);
  return { inventory, settings, options: { minor, today: outside.today, allowedRegistries } };
}

function exceptionsFor(check: string, { settings, options }: Place): RailException[] {
  const rules = settings.config.exceptions ?? [];
  return rules.filter((rule) => matchesPattern(rule.check, check) && rule.until >= options.today);
}

/** Roles that Kubernetes itself makes: nobody will write them again. */
function isBootstrapped({ raw }: KubeObject): boolean {
  const labels = asObject(asObject(raw['metadata'])['labels']);
  return labels['kubernetes.io/bootstrapping'] === 'rbac-defaults';
}

/** What a person writes of the input: pods of a workload are their controller's. */
function writtenObjects(inventory: Inventory): readonly KubeObject[] {
  const own = new Set(inventory.workloads.map(({ object }) => object));
  return inventory.objects.filter(
    (object) => !isBootstrapped(object) && (own.has(object) || inventory.workloadOf(object) === undefined),
  );
}

function isCovered({ kind, namespace, name }: KubeObject, namespaces: readonly string[]): boolean {
  const place = kind === 'Namespace' ? name : namespace;
  return namespaces.length === 0 ? !systemNamespaces.has(place) : place === '' || namespaces.includes(place);
}

function toBroken({ kind, namespace, name, source }: KubeObject): Broken {
  const { file, line, origin } = source;
  return { kind, namespace, name, ...(origin.kind === 'cluster' ? {} : { position: { file, line } }) };
}

function findBroken(rail: GuardRail, policy: AdmissionPolicy, objects: readonly KubeObject[]): Broken[] {
  return objects.flatMap((object) => {
    const request = requestFor(rail, object);
    return request !== undefined && policy.judge(request).verdict === 'refused' ? toBroken(object) : [];
  });
}

interface MadeRail {
  readonly view: RailView;
  readonly made: RailPolicy;
}

function makeRail(rail: GuardRail, check: Check, place: Place, wish: GuardRailsWish): MadeRail | undefined {
  const { enforce, railNamespaces: namespaces } = wish;
  const exceptions = exceptionsFor(rail.check, place);
  const shared = { rail, meta: check.meta, options: place.options, exceptions, namespaces };
  const watching = assemblePolicies({ ...shared, action: 'watch' });
  if (watching === undefined) return undefined;
  const objects = place.inventory === undefined ? [] : writtenObjects(place.inventory);
  const covered = objects.filter((object) => isCovered(object, namespaces));
  const breaks = findBroken(rail, compileAdmissionPolicy(watching.policy), covered);
  const action = enforce && breaks.length === 0 ? 'refuse' : 'watch';
  const { id, title, severity } = check.meta;
  const view: RailView = {
    check: id,
    title,
    severity,
    policy: policyName(rail),
    kinds: rail.kinds.map(({ kind }) => kind),
    action,
    breaks,
    exceptions: exceptions.map(({ subject, container, owner, until }) => ({ subject, container, owner, until })),
  };
  return { view, made: assemblePolicies({ ...shared, action }) ?? watching };
}

/** Policies have no clock: an exception in them holds until they are made anew. */
function tellDates(rails: readonly RailView[]): string[] {
  const dates = rails.flatMap(({ exceptions }) => exceptions.map(({ until }) => until)).sort();
  const [first] = dates;
  if (first === undefined) return [];
  return [`Policies know no date: make them anew after ${first}, when the first exception in them ends`];
}

/** Any number of pods in one object: no policy here asks each of them. */
function tellRepeated(kinds: readonly string[]): string[] {
  if (kinds.length === 0) return [];
  return [`Pods in lists are not judged by these policies, but by nowwhat check: ${kinds.join(', ')}`];
}

/** Reads what is there, and makes the policies; nothing is written anywhere. */
export async function makeGuardRails(wish: GuardRailsWish, outside: Outside): Promise<GuardRailsAnswer> {
  const place = await readPlace(wish, outside);
  requireServed(place.options.minor);
  const { checks } = await chooseChecks(wish, place.settings);
  requireRails(wish.only);
  const byId = new Map(checks.map((check) => [check.meta.id, check]));
  const input = place.inventory?.objects ?? [];
  const custom = findCustomPodKinds(input);
  const rails = builtInRails.flatMap((builtIn) => {
    const check = byId.get(builtIn.check);
    if (check === undefined) return [];
    return withCustomKinds(builtIn, custom).flatMap((rail) => makeRail(rail, check, place, wish) ?? []);
  });
  const views = rails.map(({ view }) => view);
  return {
    schema: 'nowwhat.dev/guard-rails/v1',
    minor: place.options.minor,
    namespaces: wish.railNamespaces,
    judged: place.inventory !== undefined,
    rails: views,
    objects: rails.flatMap(({ made: { policy, binding } }) => [policy, binding]),
    notices: [...tellDates(views), ...tellRepeated(findRepeatedPods(input))],
  };
}

const kinds = 'validatingadmissionpolicybindings,validatingadmissionpolicies';

/** The objects as a file for `kubectl apply -f`. */
export function renderGuardRails({ objects, rails }: GuardRailsAnswer, cluster: NamedCluster): string {
  const removal = kubectlCommand(['delete', kinds, '-l', 'app.kubernetes.io/part-of=nowwhat-guard-rails'], cluster);
  const denied = rails.filter(({ action }) => action === 'refuse').length;
  const head = [
    `# ${rails.length} guard rails for an API server: ${denied} refuse, ${rails.length - denied} warn and audit.`,
    `# Take them all away with: ${removal}`,
  ];
  const documents = objects.map((object) => renderBlock(object, { column: 0, newLine: '\n' }));
  return `${head.join('\n')}\n${documents.join('\n---\n')}\n`;
}
