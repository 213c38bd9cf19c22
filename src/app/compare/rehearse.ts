// The proof of a comparison: the target's own answer to each object of the app, by a dry run that stores nothing.

import { createHash } from 'node:crypto';
import {
  ApiError,
  type ApiClient,
  type ApiResource,
  applyObject,
  createClient,
  createObject,
  discover,
  type Discovery,
  findPreferred,
  type MissingRule,
  resourceOfKind,
} from '../../api/index.ts';
import {
  findObstacle,
  type Obstacle,
  ownerOfRefusal,
  planRehearsal,
  readRefusal,
  type RefusalKind,
  rightsToApply,
  type Trial,
} from '../../compare/index.ts';
import { asObject, asString, type JsonObject, type KubeObject, type Owner, UserError } from '../../model/index.ts';
import { type ClusterWish, connectCluster } from '../cluster/open-cluster.ts';
import type { Outside } from '../outside.ts';

export interface TrialSubject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  /** Its pods were tried, and not the object itself. */
  readonly pods?: true;
}

export interface RefusedTrial {
  readonly subject: TrialSubject;
  readonly kind: RefusalKind;
  readonly owner: Owner;
  /** The server's own words. */
  readonly message: string;
  /** Where RBAC refused: the smallest rule that would allow it. */
  readonly rule?: MissingRule;
}

/** What had to be refused, and whether it was. */
export interface TrialControl {
  readonly what: string;
  readonly refused: boolean;
}

/** Nothing is known of it. */
export interface UntriedTrial {
  readonly subject: TrialSubject;
  readonly obstacle: Obstacle;
  readonly message: string;
}

/** Evidence that may go into a repository: what was asked, of whom, and what came of it. */
export interface Rehearsal {
  readonly schema: 'nowwhat.dev/rehearsal/v1';
  readonly context: string;
  /** An existing namespace that stood in for those of the app. */
  readonly namespace?: string;
  /** ISO date. */
  readonly date: string;
  /** SHA-256 over what was sent, in its order. */
  readonly inputs: string;
  readonly tried: number;
  readonly accepted: number;
  readonly refused: readonly RefusedTrial[];
  /** A dry run cannot try these: what they need comes with the app, or a webhook takes none. */
  readonly untried: readonly UntriedTrial[];
  /** One of the accepted objects, spoilt on purpose: a target that takes that one too looks at nothing. Absent where none was accepted. */
  readonly control?: TrialControl;
  /** YAML of the roles that would permit what RBAC refused; '' where it refused nothing. */
  readonly grant: string;
  /** What the server warned of and did not refuse, each text once: deprecated APIs, pods that a level would not admit. */
  readonly warnings: readonly string[];
}

export interface RehearsalPlan {
  readonly trials: readonly Trial[];
  readonly run: () => Promise<Rehearsal>;
}

export interface RehearsalWish {
  readonly cluster: ClusterWish;
  readonly app: readonly KubeObject[];
  readonly namespace?: string | undefined;
}

const fieldManager = 'nowwhat';

function subjectOf({ object: { apiVersion, kind, namespace, name }, isPod }: Trial): TrialSubject {
  return { apiVersion, kind, namespace, name, ...(isPod ? { pods: true } : {}) };
}

/** What the server said, without its place in our own messages. */
function readAnswer(error: UserError): {
  readonly status: number;
  readonly message: string;
  readonly rule?: MissingRule;
} {
  if (error instanceof ApiError) {
    const { status, answer, message, missingRule: rule } = error;
    return { status, message: asString(answer['message']) ?? message, ...(rule === undefined ? {} : { rule }) };
  }
  const message = `${error.message}. ${error.advice}`;
  return { status: error.code === 'unknown-resource' ? 0 : 500, message };
}

const kindKey = (group: string, kind: string): string => `kind ${group}/${kind}`;
const namespaceKey = (name: string): string => `namespace ${name}`;

/** What an object would make possible, were it stored. */
function broughtBy({ kind, metadata, spec }: JsonObject): string[] {
  if (kind === 'Namespace') return [namespaceKey(asString(asObject(metadata)['name']) ?? '')];
  if (kind !== 'CustomResourceDefinition') return [];
  const { group, names } = asObject(spec);
  return [kindKey(asString(group) ?? '', asString(asObject(names)['kind']) ?? '')];
}

/** The same with a label value that Kubernetes never takes. */
function spoil(trial: Trial): Trial {
  const metadata = asObject(trial.raw['metadata']);
  const labels = { ...asObject(metadata['labels']), 'nowwhat.dev/control': 'no label value' };
  return { ...trial, raw: { ...trial.raw, metadata: { ...metadata, labels } } };
}

class Rehearsing {
  private readonly client: ApiClient;
  private readonly served: Discovery;
  private readonly brought: ReadonlySet<string>;
  readonly refused: RefusedTrial[] = [];
  readonly untried: UntriedTrial[] = [];
  accepted = 0;
  private firstAccepted: Trial | undefined;

  constructor(client: ApiClient, served: Discovery, trials: readonly Trial[]) {
    this.client = client;
    this.served = served;
    this.brought = new Set(trials.flatMap(({ raw }) => broughtBy(raw)));
  }

  async attempt(trial: Trial): Promise<void> {
    try {
      await this.send(trial);
      this.accepted += 1;
      this.firstAccepted ??= trial;
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      this.hear(trial, readAnswer(error));
    }
  }

  /** Only a refusal of what was spoilt counts: not one of rights, nor a server that is busy. */
  async tryControl(): Promise<TrialControl | undefined> {
    const trial = this.firstAccepted;
    if (trial === undefined) return undefined;
    const { kind, name } = trial.object;
    const what = `${kind} ${name} with a label that no object may have`;
    try {
      await this.send(spoil(trial));
      return { what, refused: false };
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      return { what, refused: [400, 422].includes(readAnswer(error).status) };
    }
  }

  private hear(trial: Trial, { status, message, rule }: ReturnType<typeof readAnswer>): void {
    const { group, kind: objectKind } = trial.object;
    const namespace = asString(asObject(trial.raw['metadata'])['namespace']) ?? '';
    const isServedOtherwise = findPreferred(this.served, group, objectKind) !== undefined;
    const kind = readRefusal({ status, message, isRbac: rule !== undefined, isServedOtherwise });
    const obstacle = findObstacle(kind, message, {
      definesKind: this.brought.has(kindKey(group, objectKind)),
      createsNamespace: this.brought.has(namespaceKey(namespace)),
    });
    const subject = subjectOf(trial);
    if (obstacle === undefined)
      this.refused.push({
        subject,
        kind,
        owner: ownerOfRefusal[kind],
        message,
        ...(rule === undefined ? {} : { rule }),
      });
    else this.untried.push({ subject, obstacle, message });
  }

  private resourceOf({ raw }: Trial): ApiResource {
    return resourceOfKind(this.served, asString(raw['apiVersion']) ?? '', asString(raw['kind']) ?? '');
  }

  private async send(trial: Trial): Promise<void> {
    const resource = this.resourceOf(trial);
    const options = { dryRun: true, fieldManager } as const;
    if (trial.isPod) await createObject(this.client, resource, trial.raw, options);
    else await applyObject(this.client, resource, trial.raw, { ...options, force: true });
  }
}

/** Of a workload the server warns, and its pods it refuses: the same words. */
function isRefusedToo(warning: string, refused: readonly RefusedTrial[]): boolean {
  const words = warning.replace(/^would violate/, 'violates');
  return refused.some(({ message }) => message.includes(words));
}

function hashOf(trials: readonly Trial[]): string {
  const hash = createHash('sha256');
  for (const { raw } of trials) hash.update(`${JSON.stringify(raw)}\n`);
  return hash.digest('hex');
}

/** Plans the rehearsal; nothing is sent before `run`. */
export function planTrials({ cluster, app, namespace }: RehearsalWish, outside: Outside): RehearsalPlan {
  const trials = planRehearsal(app, namespace);
  const run = async (): Promise<Rehearsal> => {
    const connection = await connectCluster(cluster, outside);
    const warnings: string[] = [];
    const client = createClient(connection, {
      concurrency: cluster.concurrency,
      onWarning: (text) => warnings.push(text),
    });
    try {
      const rehearsing = new Rehearsing(client, await discover(client), trials);
      for (const [index, trial] of trials.entries()) {
        outside.progress(`trying ${trial.object.kind} ${trial.object.name}, ${index + 1} of ${trials.length}`);
        await rehearsing.attempt(trial);
      }
      const control = await rehearsing.tryControl();
      return {
        schema: 'nowwhat.dev/rehearsal/v1',
        context: connection.context,
        ...(namespace === undefined ? {} : { namespace }),
        date: outside.today,
        inputs: hashOf(trials),
        tried: trials.length,
        accepted: rehearsing.accepted,
        refused: rehearsing.refused,
        untried: rehearsing.untried,
        ...(control === undefined ? {} : { control }),
        grant: rightsToApply(rehearsing.refused.flatMap(({ rule }) => rule ?? [])),
        warnings: warnings.filter((text) => !isRefusedToo(text, rehearsing.refused)),
      };
    } finally {
      await client.close();
    }
  };
  return { trials, run };
}
