import { afterEach, describe, expect, it } from 'vitest';
import { openPlaygroundFolder, type PlaygroundFolder } from '../../../test/kubernetes/playground-folder.ts';
import { anywhere } from '../../../test/kubernetes/resources.ts';
import { toObject } from '../../kube/manifests/parse-manifests.ts';
import type { JsonObject } from '../../model/index.ts';
import type { Fault } from '../../playground/index.ts';
import type { Outside } from '../outside.ts';
import { planTrials } from './rehearse.ts';

let cluster: PlaygroundFolder;
afterEach(() => cluster.close());

const outside: Outside = {
  stdin: () => Promise.resolve(new Uint8Array()),
  environment: {},
  today: '2026-11-29',
  progress: () => undefined,
};

const config: JsonObject = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'web' }, data: { a: 'b' } };
const secret: JsonObject = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'web' }, type: 'Opaque' };

async function rehearse(faults: readonly Fault[] = [], progress: Outside['progress'] = () => undefined) {
  cluster = await openPlaygroundFolder([{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } }], {
    faults,
  });
  const { kubeconfig } = cluster;
  const reach = { context: '.', kubeconfig, namespaces: ['shop'], allNamespaces: false, concurrency: 1 };
  const app = [config, secret].map((raw) => toObject(raw, anywhere, 'shop'));
  return planTrials({ cluster: reach, app }, { ...outside, progress }).run();
}

describe('a dry run of an app', () => {
  it('has a control: one of the accepted objects, spoilt, must be refused', async () => {
    expect(await rehearse()).toMatchObject({
      tried: 2,
      accepted: 2,
      control: { what: 'Secret web with a label that no object may have', refused: true },
    });
    expect(cluster.playground.store.get('/configmaps', 'shop', 'web')).toBeUndefined();
  });

  it('does not take a refusal of rights for that of the control', async () => {
    const refuse: Fault = { when: { resource: 'secrets' }, times: 9, effect: { kind: 'refuse', code: 403 } };
    // Rights go when the second object is tried; the control is the first one, spoilt.
    const report = await rehearse([], (what) => {
      if (what.includes('ConfigMap')) cluster.playground.faults.add(refuse);
    });
    expect(report).toMatchObject({ tried: 2, accepted: 2, control: { refused: false } });
  });

  it('has no control where nothing was accepted', async () => {
    const refuse: Fault = { times: 9, when: { verb: 'patch' }, effect: { kind: 'refuse', code: 403 } };
    const report = await rehearse([refuse]);
    expect([report.accepted, report.control]).toEqual([0, undefined]);
  });
});
