// The exam of API lifecycles: a published list of deprecated versions against our table, each difference explained.

import { readFileSync } from 'node:fs';
import { load } from 'js-yaml';
import { expect, test } from 'vitest';
import { lifecycleOf } from '../../src/kube/lifecycle/index.ts';
import { asArray, asObject, asString, type JsonObject } from '../../src/model/index.ts';
import { sharedFile } from './shared-folder.ts';

type Field = 'known' | 'deprecated-in' | 'removed-in' | 'replacement-api' | 'replacement-available-in';

interface Difference {
  /** Matched against `apiVersion kind`. */
  readonly rows: RegExp;
  readonly fields: readonly Field[];
  readonly reason: string;
}

// "Tag" below is the k8s:prerelease-lifecycle-gen tag in k8s.io/api (zz_generated.prerelease-lifecycle.go), which the API
// server itself acts on: it warns and stops serving by it.
const explained: readonly Difference[] = [
  {
    rows: /^(?:extensions|apps)\/v1beta1 (?:Deployment|StatefulSet|DaemonSet)$/,
    fields: ['deprecated-in'],
    reason: 'the tag says 1.8, when apps/v1beta2 came; the list says 1.9, when apps/v1 came',
  },
  {
    rows: /^(?:extensions\/v1beta1|apps\/v1beta2) ReplicaSet$/,
    fields: ['deprecated-in'],
    reason: 'left open in the list; the tags say 1.8 and 1.9',
  },
  {
    rows: /^extensions\/v1beta1 PodSecurityPolicy$/,
    fields: ['deprecated-in'],
    reason: 'the tag says 1.11; policy/v1beta1 came in 1.10',
  },
  {
    rows: /^extensions\/v1beta1 NetworkPolicy$/,
    fields: ['replacement-available-in'],
    reason: 'networking.k8s.io/v1 NetworkPolicy came in 1.7 by its tag; the list follows the guide, which says 1.8',
  },
  {
    rows: /^storage\.k8s\.io\/v1beta1 CSIDriver$/,
    fields: ['replacement-available-in'],
    reason: 'storage.k8s.io/v1 CSIDriver came in 1.18 by its tag; the list follows the guide, which says 1.19',
  },
  {
    rows: /^(?:storage\.k8s\.io\/v1beta1 (?:StorageClass|VolumeAttachment)|apiregistration\.k8s\.io\/v1beta1 APIService|authentication\.k8s\.io\/v1beta1 TokenReview|coordination\.k8s\.io\/v1beta1 Lease)$/,
    fields: ['deprecated-in'],
    reason: 'the list takes the release of the successor; the tag says 1.19, the first release that warned',
  },
  {
    rows: /^events\.k8s\.io\/v1beta1 Event$/,
    fields: ['deprecated-in'],
    reason: 'the list takes the release of the successor; the tag says 1.22',
  },
  {
    rows: /^flowcontrol\.apiserver\.k8s\.io\/v1beta1 FlowControl$/,
    fields: ['known'],
    reason: 'there is no such kind: the group has FlowSchema and PriorityLevelConfiguration',
  },
  {
    rows: /^flowcontrol\.apiserver\.k8s\.io\/v1beta1 /,
    fields: ['deprecated-in', 'removed-in'],
    reason: 'the tags say 1.23 and 1.26, as does the guide; the list repeats the numbers of v1beta2',
  },
  {
    rows: /^flowcontrol\.apiserver\.k8s\.io\/v1beta[23] /,
    fields: ['deprecated-in'],
    reason: 'the tags say 1.26 for v1beta2 and 1.29 for v1beta3: when their successors came',
  },
  {
    rows: /^admissionregistration\.k8s\.io\/v1alpha1 ValidatingAdmissionPolicy/,
    fields: ['deprecated-in', 'removed-in'],
    reason: 'the tags say 1.29 and 1.32',
  },
  {
    rows: /^resource\.k8s\.io\/v1beta1 /,
    fields: ['deprecated-in', 'removed-in', 'replacement-api', 'replacement-available-in'],
    reason: 'the tags say 1.35 and 1.38; no successor is stated, so the stable resource.k8s.io/v1 of 1.34 is ours',
  },
  {
    rows: /^resource\.k8s\.io\/v1alpha3 /,
    fields: ['deprecated-in', 'replacement-api', 'replacement-available-in'],
    reason: 'the tags say 1.34 and name resource.k8s.io/v1beta1 of 1.32, the successor at that time',
  },
  {
    rows: /^storage\.k8s\.io\/v1beta1 VolumeAttributesClass$/,
    fields: ['removed-in'],
    reason: 'left open in the list; the tag says 1.37',
  },
  {
    rows: /^storage\.k8s\.io\/v1alpha1 VolumeAttributesClass$/,
    fields: ['deprecated-in'],
    reason: 'the tag says 1.32',
  },
  {
    rows: /^storagemigration\.k8s\.io\/v1alpha1 /,
    fields: ['deprecated-in', 'replacement-api', 'replacement-available-in'],
    reason: 'the tag says 1.33; no successor is stated, so the stable v1 of 1.37 is ours',
  },
  {
    rows: /^certmanager\.k8s\.io\/v1alpha1 /,
    fields: ['replacement-api'],
    reason:
      'cert-manager.io/v1alpha2 is itself gone since 1.6: we name v1, for Order and Challenge that of acme.cert-manager.io',
  },
  {
    rows: /^acme\.cert-manager\.io\/v1(?:alpha[23]|beta1) /,
    fields: ['replacement-api'],
    reason: 'Order and Challenge stay in the group acme.cert-manager.io',
  },
  {
    rows: /^rbac\.istio\.io AuthorizationPolicies$/,
    fields: ['known'],
    reason: 'no apiVersion and no kind: the group had rbac.istio.io/v1alpha1 ServiceRole and others, which we list',
  },
  {
    rows: /^authentication\.istio\.io\/v1alpha1 $/,
    fields: ['known'],
    reason: 'the list leaves the kind open; we list Policy and MeshPolicy',
  },
];

const file = sharedFile('API deprecations', 'exams/api-deprecations/versions.yaml');

function textOf(row: JsonObject, field: string): string {
  return asString(row[field]) ?? '';
}

/** `v1.25.0` as `1.25`; empty for what the list leaves open. */
function releaseOf(row: JsonObject, field: Field): string {
  return textOf(row, field).replace(/^v/, '').replace(/\.0$/, '');
}

function findDifferences(row: JsonObject): Field[] {
  const ours = lifecycleOf(textOf(row, 'version'), textOf(row, 'kind'));
  if (ours === undefined) return ['known'];
  const { deprecatedIn = '', removedIn = '', replacement } = ours;
  const fields: Field[] = [];
  if (releaseOf(row, 'deprecated-in') !== deprecatedIn) fields.push('deprecated-in');
  if (releaseOf(row, 'removed-in') !== removedIn) fields.push('removed-in');
  if (textOf(row, 'replacement-api') !== (replacement?.apiVersion ?? '')) fields.push('replacement-api');
  const available = releaseOf(row, 'replacement-available-in');
  const successor = replacement === undefined ? undefined : lifecycleOf(replacement.apiVersion, replacement.kind);
  if (available !== '' && available !== successor?.introducedIn) fields.push('replacement-available-in');
  return fields;
}

test.skipIf(file === undefined)('every row agrees or its difference is explained, and no explanation is idle', () => {
  const rows = asArray(asObject(load(readFileSync(file ?? '', 'utf8')))['deprecated-versions']).map(asObject);
  const used = new Set<string>();
  const unexplained: string[] = [];
  let agreed = 0;
  for (const row of rows) {
    const name = `${textOf(row, 'version')} ${textOf(row, 'kind')}`;
    const differences = findDifferences(row);
    if (differences.length === 0) agreed += 1;
    for (const field of differences) {
      const reasons = explained.filter((one) => one.rows.test(name) && one.fields.includes(field));
      for (const { rows: pattern } of reasons) used.add(`${pattern.source} ${field}`);
      if (reasons.length === 0) unexplained.push(`${name}: ${field}`);
    }
  }
  const idle = explained
    .flatMap(({ rows: pattern, fields }) => fields.map((field) => `${pattern.source} ${field}`))
    .filter((key) => !used.has(key));
  process.stdout.write(`API deprecations: ${rows.length} rows, ${agreed} agree, ${rows.length - agreed} explained\n`);
  expect(unexplained).toEqual([]);
  expect(idle).toEqual([]);
  expect(rows.length).toBeGreaterThan(100);
});
