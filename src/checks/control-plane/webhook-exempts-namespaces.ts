// Finds guarding webhooks that skip whole namespaces by a label which the owner of a namespace can set.

import { asArray, asObject, asString, type JsonObject } from '../../model/index.ts';
import { objectCheck } from '../check.ts';

/** Set by the API server itself; nobody can give a namespace the name of another. */
const fixedLabel = 'kubernetes.io/metadata.name';

/** The label that leaves a namespace out. One that must be there to be guarded is an opt-in, and left out as easily. */
function exemptingLabel(selector: JsonObject): string | undefined {
  const [required] = Object.keys(asObject(selector['matchLabels'])).filter((key) => key !== fixedLabel);
  const expression = asArray(selector['matchExpressions'])
    .map((item) => asString(asObject(item)['key']) ?? '')
    .find((key) => key !== '' && key !== fixedLabel);
  return required ?? expression;
}

export const webhookExemptsNamespaces = objectCheck(
  {
    id: 'webhook-exempts-namespaces',
    family: 'control-plane',
    title: 'Admission webhooks guard every namespace but the ones named',
    leg: 'security',
    level: 3,
    owner: 'cluster-administrator',
    severity: 'low',
    references: [{ framework: 'MITRE', id: 'T1562' }],
    remediation: `Leave namespaces out by their name: ${fixedLabel} with operator NotIn.`,
    minutes: 20,
  },
  {
    kinds: ['admissionregistration.k8s.io/ValidatingWebhookConfiguration'],
    find: ({ name, raw }) =>
      asArray(raw['webhooks']).flatMap((item, index) => {
        const label = exemptingLabel(asObject(asObject(item)['namespaceSelector']));
        if (label === undefined) return [];
        return {
          message: `whoever may label a namespace takes it out of webhook "${name}"`,
          path: ['webhooks', index, 'namespaceSelector'],
          evidence: `namespaceSelector goes by the label ${label}`,
        };
      }),
  },
);
