// Addresses that stand where nobody could look: in Secrets and ConfigMaps that are not in the input. What they lead to is closed, and must be told.

import type { Inventory, Workload } from '../../inventory/index.ts';
import { asArray, asObject, asString } from '../../model/index.ts';
import type { Ledger } from './need.ts';

/** Names of variables whose value is an address; a password or a key is none. */
const addressName =
  /(?:^|[_.-])(?:url|uri|dsn|host|hosts|hostname|addr|address|endpoint|endpoints|servers?|brokers?|connection(?:[_.-]?string)?)$/i;

interface Unread {
  readonly variable: string;
  readonly container: string;
  readonly kind: 'ConfigMap' | 'Secret';
  readonly holder: string;
}

const fields = [
  ['configMapKeyRef', 'ConfigMap'],
  ['secretKeyRef', 'Secret'],
] as const;

/** Secrets of a cluster are read without their values. */
function isReadable(
  inventory: Inventory,
  target: { kind: string; namespace: string; name: string },
  key: string,
): boolean {
  const object = inventory.find({ group: '', ...target });
  if (object === undefined) return false;
  const values = [object.raw['data'], object.raw['stringData']].map(asObject);
  return values.some((each) => typeof each[key] === 'string' && each[key] !== '');
}

function unreadOf(inventory: Inventory, { containers, object }: Workload): Unread[] {
  const { namespace } = object;
  return containers.flatMap(({ raw, name: container }) =>
    asArray(raw['env']).flatMap((item): Unread[] => {
      const { name, valueFrom } = asObject(item);
      const variable = asString(name) ?? '';
      return fields.flatMap(([field, kind]): Unread[] => {
        const { name: given, key } = asObject(asObject(valueFrom)[field]);
        const holder = asString(given);
        if (holder === undefined || !addressName.test(variable)) return [];
        const isKnown = isReadable(inventory, { kind, namespace, name: holder }, asString(key) ?? '');
        return isKnown ? [] : [{ variable, container, kind, holder }];
      });
    }),
  );
}

/** Where somebody looked at the traffic, what is behind them was seen. */
export function takeUnreadAddresses(ledger: Ledger, inventory: Inventory, subjects: readonly Workload[]): void {
  for (const workload of subjects) {
    const { namespace, name } = workload.object;
    for (const { variable, container, kind, holder } of unreadOf(inventory, workload))
      ledger.decide({
        about: `${namespace}/${name}, variable "${variable}" of container "${container}"`,
        done: `the address stands in ${kind} "${holder}", whose values are not in the input: nothing is opened for it`,
        advice: `Look at the traffic (--flows FILE), or add the ${kind} to the input${kind === 'Secret' ? ' for this command' : ''}.`,
      });
  }
}
