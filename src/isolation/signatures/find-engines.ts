// Which engines that verify signatures are in the input: by what runs, and by the definitions of their policies.

import { findAdmission, type Inventory, viewOf } from '../../inventory/index.ts';
import { asObject, asString } from '../../model/index.ts';
import type { SignatureEngine } from './signature-policy.ts';

const signs: Readonly<Record<SignatureEngine, { readonly program: string; readonly group: string }>> = {
  kyverno: { program: 'Kyverno', group: 'kyverno.io' },
  'policy-controller': { program: 'Sigstore policy controller', group: 'policy.sigstore.dev' },
};

export function findSignatureEngines(inventory: Inventory): SignatureEngine[] {
  const running = new Set(findAdmission(viewOf(inventory)).engines.found.map(({ name }) => name));
  const groups = new Set(
    inventory
      .glimpse('apiextensions.k8s.io/CustomResourceDefinition')
      .map(({ raw }) => asString(asObject(raw['spec'])['group'])),
  );
  const all = Object.entries(signs) as [SignatureEngine, (typeof signs)[SignatureEngine]][];
  return all.filter(([, { program, group }]) => running.has(program) || groups.has(group)).map(([engine]) => engine);
}
