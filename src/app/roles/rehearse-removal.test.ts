// A rehearsal over HTTP: what it asks, what it makes, and that nothing stays, whatever happens.

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createManualClock } from '../../../test/kubernetes/manual-clock.ts';
import { temporaryFolder } from '../../../test/programs/temporary-folder.ts';
import { asObject, asString, type JsonObject, type Proof } from '../../model/index.ts';
import { type Fault, startPlayground } from '../../playground/index.ts';
import { recordRemoval } from './record-removal.ts';
import { rehearseRemoval, type RehearsalIntent, type RemovalRehearsal } from './rehearse-removal.ts';
import { reportUnused, type UnusedReport } from './unused-rights.ts';

const rbac = 'rbac.authorization.k8s.io';

function adminTo(name: string, subject: JsonObject, namespace?: string): JsonObject {
  return {
    apiVersion: `${rbac}/v1`,
    kind: namespace === undefined ? 'ClusterRoleBinding' : 'RoleBinding',
    metadata: { name, ...(namespace === undefined ? {} : { namespace }) },
    roleRef: { apiGroup: rbac, kind: 'ClusterRole', name: 'admin' },
    subjects: [subject],
  };
}

const account = { kind: 'ServiceAccount', name: 'web', namespace: 'shop' };
const seed = [
  { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'web', namespace: 'shop' } },
  adminTo('web', account, 'shop'),
];
const event = {
  kind: 'Event',
  apiVersion: 'audit.k8s.io/v1',
  verb: 'list',
  requestURI: '/api/v1/namespaces/shop/pods',
  user: { username: 'system:serviceaccount:shop:web' },
  responseStatus: { code: 200 },
  requestReceivedTimestamp: '2026-01-01T00:00:00Z',
};

interface Rehearsed {
  readonly folder: string;
  readonly record: (rehearsal: RemovalRehearsal) => Promise<Proof | undefined>;
  readonly report: UnusedReport;
  readonly intents: RehearsalIntent[];
  readonly run: () => Promise<RemovalRehearsal | undefined>;
  /** Names of roles and bindings that the store has now. */
  readonly left: () => string[];
}

async function prepare(
  more: readonly JsonObject[],
  { agrees = true, faults = [] as Fault[] } = {},
): Promise<Rehearsed> {
  const playground = await startPlayground({ seed: [...seed, ...more], controllers: false, faults });
  onTestFinished(() => playground.close());
  const folder = temporaryFolder({ config: playground.kubeconfig(), 'audit.log': JSON.stringify(event) });
  const cluster = {
    context: '.',
    kubeconfig: join(folder, 'config'),
    namespaces: ['shop'],
    allNamespaces: false,
    concurrency: 4,
  };
  const outside = {
    stdin: () => Promise.resolve(new Uint8Array()),
    stdinPieces: async function* () {},
    environment: {},
    today: '2026-01-01',
    progress: () => undefined,
    clock: createManualClock(0, 1),
  };
  const reading = { inputs: [], values: [], set: [], allowRemote: false, maxFileBytes: 1e6, cluster };
  const wish = { logs: [join(folder, 'audit.log')], subjects: [], reading };
  const report = await reportUnused(wish, outside);
  const intents: RehearsalIntent[] = [];
  const making = { command: 'nowwhat unused-rights --rehearse', version: '1' };
  return {
    folder,
    // Records lie above the files of the app: here they are in the folder.
    record: async (rehearsal) => {
      const own = { ...wish, reading: { ...reading, inputs: [folder] } };
      return (await recordRemoval(rehearsal, report, own, { ...outside, making }))?.proof;
    },
    report,
    intents,
    run: () =>
      rehearseRemoval(report.removals, cluster, {
        ...outside,
        whileRunning: (_, work) => work(),
        agree: (intent) => {
          intents.push(intent);
          return Promise.resolve(agrees);
        },
      }),
    left: () =>
      ['roles', 'rolebindings', 'clusterroles', 'clusterrolebindings']
        .flatMap((resource) => [...playground.store.list(`${rbac}/${resource}`)])
        .map(({ metadata }) => asString(asObject(metadata)['name']) ?? '')
        .filter((name) => name.includes('rehearsal')),
  };
}

describe('a rehearsal of a removal', () => {
  it('shows that what is needed stays and the rest goes, and leaves nothing behind', async () => {
    const { run, left, intents } = await prepare([]);
    const rehearsal = await run();
    expect(rehearsal).toMatchObject({
      holds: true,
      made: 2,
      removed: 2,
      subjects: [{ needs: 1, refusedBefore: 1, allowed: 1, missing: [], stillAllowed: [] }],
    });
    expect(rehearsal?.subjects[0]?.forbidden).toBeGreaterThan(5);
    expect(intents[0]?.objects.map(({ kind }) => kind)).toEqual(['Role', 'RoleBinding']);
    expect(JSON.stringify(intents[0]?.objects)).not.toContain('"name":"web"');
    expect(left()).toEqual([]);
  });

  it('is a proof where proofs are kept, and only where something was taken away', async () => {
    const { run, folder, record } = await prepare([]);
    const rehearsal = await run();
    if (rehearsal === undefined) throw new Error('nobody agreed');
    expect(await record(rehearsal)).toBeUndefined();
    mkdirSync(join(folder, '.nowwhat'));
    expect(await record(rehearsal)).toMatchObject({
      kind: 'removal-rehearsal',
      claim: `system:serviceaccount:shop:web may do all that is needed in ${rehearsal.context} with smaller roles, and nothing that was given beyond`,
      result: 'holds',
      figures: { subjects: 1, needs: 1, allowed: 1 },
      negativeControl: { failed: true },
      until: '2026-01-31',
      inputs: [
        { kind: 'folder', folder: '.' },
        { kind: 'file', file: 'audit.log' },
        { kind: 'cluster' },
        { kind: 'namespace', namespace: 'shop' },
      ],
    });
    const [subject] = rehearsal.subjects;
    if (subject === undefined) throw new Error('nobody was asked about');
    const given = { ...rehearsal, holds: false, subjects: [{ ...subject, refusedBefore: 0 }] };
    expect(await record(given)).toMatchObject({ result: 'fails', negativeControl: { failed: false } });
    expect(await record({ ...rehearsal, subjects: [] })).toBeUndefined();
  });

  it('does not count where the roles had nothing to do: a group gives it all', async () => {
    const everybody = { kind: 'Group', name: 'system:serviceaccounts', apiGroup: rbac };
    const { run, left } = await prepare([adminTo('everybody', everybody)]);
    expect(await run()).toMatchObject({ holds: false, subjects: [{ refusedBefore: 0, forbidden: 0 }] });
    expect(left()).toEqual([]);
  });

  it('fails where a need is refused, and leaves nothing behind', async () => {
    const lost: Fault = { when: { verb: 'create', resource: 'rolebindings' }, effect: { kind: 'refuse', code: 403 } };
    const { run, left } = await prepare([], { faults: [lost] });
    await expect(run()).rejects.toMatchObject({ code: 'cluster-refused' });
    expect(left()).toEqual([]);
  });

  it('writes nothing where nobody agrees', async () => {
    const { run, left, intents } = await prepare([], { agrees: false });
    expect(await run()).toBeUndefined();
    expect(intents).toHaveLength(1);
    expect(left()).toEqual([]);
  });
});
