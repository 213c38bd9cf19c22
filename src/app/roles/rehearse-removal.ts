// Rehearses a removal on a cluster: the smaller roles are bound to made-up users, and access reviews tell what these may do. The real accounts are not touched.

import { randomBytes } from 'node:crypto';
import {
  type AccessQuestion,
  type AccessSubject,
  type ApiClient,
  type ApiResource,
  type Clock,
  createClient,
  createObject,
  deleteObject,
  discover,
  isApiError,
  makeStoppable,
  objectNameOf,
  resourceOfKind,
  reviewAccessOf,
  systemClock,
} from '../../api/index.ts';
import { type Need, needText } from '../../inference/index.ts';
import type { Identity } from '../../inventory/rights/bindings.ts';
import { rbacGroup } from '../../kube/rbac-authorizer.ts';
import { asObject, asString, type JsonObject, kubectlCommand } from '../../model/index.ts';
import { type ClusterWish, connectCluster } from '../cluster/open-cluster.ts';
import { type Passing, type WhileRunning } from '../passing.ts';
import type { Outside } from '../outside.ts';
import { rbacUser } from './role-views.ts';
import type { PlannedRemoval } from './unused-rights.ts';
import { userOf } from './find-subjects.ts';

/** What was asked about one subject's stand-in, and what the API server's own authorizer said. */
export interface RehearsedSubject {
  readonly subject: Identity;
  readonly needs: number;
  /** The control: how many of the needs were refused before the roles were there. */
  readonly refusedBefore: number;
  readonly allowed: number;
  /** Needs that were refused though the roles were there. */
  readonly missing: readonly string[];
  /** A sample of what is allowed today and shall not be afterwards. */
  readonly forbidden: number;
  readonly refused: number;
  /** Of that sample, what was allowed all the same. */
  readonly stillAllowed: readonly string[];
}

export interface RemovalRehearsal {
  readonly schema: 'nowwhat.dev/removal-rehearsal/v1';
  readonly context: string;
  /** ISO date. */
  readonly date: string;
  readonly subjects: readonly RehearsedSubject[];
  /** Objects that were made, and those of them that are gone again. */
  readonly made: number;
  readonly removed: number;
  /** Every need allowed, every forbidden request refused, and the control refused something wherever there was something to refuse. */
  readonly holds: boolean;
}

/** What will be written, for the user to agree with. */
export interface RehearsalIntent {
  readonly context: string;
  readonly objects: readonly JsonObject[];
  readonly questions: number;
}

interface StandIn {
  readonly removal: PlannedRemoval;
  readonly who: AccessSubject;
  readonly objects: readonly JsonObject[];
}

/** Groups count, but for the one that no role limits. */
function standInFor(removal: PlannedRemoval, name: string): StandIn {
  const { identity, use, plan } = removal;
  const groups = rbacUser(userOf(identity) ?? '', use).groups.filter((group) => group !== 'system:masters');
  const user = `nowwhat:rehearsal:${name}`;
  const subjects = [{ kind: 'User', apiGroup: rbacGroup, name: user }];
  const renamed = ({ metadata, ...rest }: JsonObject, suffix: string): JsonObject => {
    const { namespace } = asObject(metadata);
    const place = namespace === undefined ? {} : { namespace };
    return { ...rest, metadata: { name: `${name}${suffix}`, ...place } };
  };
  const made = plan.replacement.roles.flatMap(({ role, binding }) => [
    renamed(role, ''),
    { ...renamed(binding, ''), roleRef: { ...asObject(binding['roleRef']), name }, subjects },
  ]);
  const kept = plan.keep.map(({ object, scope }, index) => {
    const place = scope === '' ? {} : { namespace: scope };
    const { apiVersion, kind, roleRef = null } = object.raw;
    return { ...renamed({ apiVersion, kind, metadata: place, roleRef }, `-kept-${index}`), subjects };
  });
  return { removal, who: { user, groups }, objects: [...made, ...kept] };
}

function toQuestion(need: Need): AccessQuestion {
  if ('url' in need) return { verb: need.verb, path: need.url };
  const { namespace, ...rest } = need;
  return namespace === '' ? rest : { ...rest, namespace };
}

/** Milliseconds that an authorizer may take to see new roles. */
const patience = 15_000;
const pause = 250;

class Rehearsing {
  private readonly client: ApiClient;
  private readonly resources: (kind: string) => ApiResource;
  private readonly clock: Clock;
  private readonly standing: JsonObject[] = [];
  made = 0;
  removed = 0;

  constructor(client: ApiClient, resources: (kind: string) => ApiResource, clock: Clock) {
    this.client = client;
    this.resources = resources;
    this.clock = clock;
  }

  private async refusedOf(who: AccessSubject, needs: readonly Need[]): Promise<Need[]> {
    const answers = await Promise.all(
      needs.map(async (need) => ({ need, ...(await reviewAccessOf(this.client, who, toQuestion(need))) })),
    );
    return answers.filter(({ allowed }) => !allowed).map(({ need }) => need);
  }

  private async make(objects: readonly JsonObject[]): Promise<void> {
    for (const object of objects) {
      this.standing.push(object);
      await createObject(this.client, this.resources(asString(object['kind']) ?? ''), object, {
        fieldManager: 'nowwhat',
      });
      this.made += 1;
    }
  }

  /** Authorizers see new roles a moment later: what is refused is asked again for a while. */
  private async missingOf(who: AccessSubject, needs: readonly Need[]): Promise<Need[]> {
    const end = this.clock.now() + patience;
    let missing = await this.refusedOf(who, needs);
    while (missing.length > 0 && this.clock.now() < end) {
      await this.clock.sleep(pause);
      missing = await this.refusedOf(who, missing);
    }
    return missing;
  }

  async rehearse({ removal, who, objects }: StandIn): Promise<RehearsedSubject> {
    const { identity, needs, plan } = removal;
    const before = await this.refusedOf(who, needs);
    await this.make(objects);
    const missing = await this.missingOf(who, needs);
    const refused = await this.refusedOf(who, plan.forbidden);
    return {
      subject: identity,
      needs: needs.length,
      refusedBefore: before.length,
      allowed: needs.length - missing.length,
      missing: missing.map(needText),
      forbidden: plan.forbidden.length,
      refused: refused.length,
      stillAllowed: plan.forbidden.filter((need) => !refused.includes(need)).map(needText),
    };
  }

  /** Whatever happened before: bindings go with their roles. */
  async cleanUp(client = this.client): Promise<void> {
    for (const object of this.standing.toReversed()) {
      try {
        await deleteObject(client, this.resources(asString(object['kind']) ?? ''), objectNameOf(object));
        this.removed += 1;
      } catch (error) {
        if (!isApiError(error, 404)) throw error;
      }
      this.standing.pop();
    }
  }

  /** What stands yet, as commands that remove it. */
  byHand(): string[] {
    return this.standing.toReversed().map((object) => {
      const { name, namespace } = objectNameOf(object);
      const kind = (asString(object['kind']) ?? '').toLowerCase();
      const where = namespace === undefined ? [] : ['-n', namespace];
      return kubectlCommand(['delete', kind, name, ...where], this.client.connection);
    });
  }
}

/** The roles gave nothing that was not there before, or what they are for is not allowed: then nothing is shown. */
function holds({ refusedBefore, missing, stillAllowed }: RehearsedSubject, { objects }: StandIn): boolean {
  const isControlled = objects.length === 0 || refusedBefore > 0;
  return isControlled && missing.length === 0 && stillAllowed.length === 0;
}

export interface RehearsalOutside extends Outside {
  readonly agree: (intent: RehearsalIntent) => Promise<boolean>;
  readonly whileRunning: WhileRunning;
}

/** `undefined` where nobody agreed. Throws `UserError` where the cluster refuses. */
export async function rehearseRemoval(
  removals: readonly PlannedRemoval[],
  cluster: ClusterWish,
  outside: RehearsalOutside,
): Promise<RemovalRehearsal | undefined> {
  const id = randomBytes(4).toString('hex');
  const standIns = removals.map((removal, index) => standInFor(removal, `nowwhat-rehearsal-${id}-${index}`));
  const connection = await connectCluster(cluster, outside);
  const questions = removals.reduce((sum, { needs, plan }) => sum + 2 * needs.length + plan.forbidden.length, 0);
  const objects = standIns.flatMap((each) => each.objects);
  if (!(await outside.agree({ context: connection.context, objects, questions }))) return undefined;
  const { clock = systemClock } = outside;
  const client = createClient(connection, { concurrency: cluster.concurrency, clock });
  try {
    const served = await discover(client);
    const working = makeStoppable(client);
    const resources = (kind: string): ApiResource => resourceOfKind(served, `${rbacGroup}/v1`, kind);
    const rehearsing = new Rehearsing(working.client, resources, clock);
    const passing: Passing = {
      remove: async () => {
        await working.stop();
        await rehearsing.cleanUp(client);
      },
      byHand: () => rehearsing.byHand(),
    };
    const subjects = await outside.whileRunning(passing, async () => {
      try {
        const done: RehearsedSubject[] = [];
        for (const standIn of standIns) {
          outside.progress(`asking about ${standIn.who.user}`);
          done.push(await rehearsing.rehearse(standIn));
        }
        return done;
      } finally {
        await rehearsing.cleanUp();
      }
    });
    return {
      schema: 'nowwhat.dev/removal-rehearsal/v1',
      context: connection.context,
      date: outside.today,
      subjects,
      made: rehearsing.made,
      removed: rehearsing.removed,
      holds: subjects.every((each, index) => {
        const standIn = standIns[index];
        return standIn !== undefined && holds(each, standIn);
      }),
    };
  } finally {
    await client.close();
  }
}
