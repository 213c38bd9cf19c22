// Ports at which the pods of a workload are called, as far as anybody says.

import type { Workload } from '../../inventory/index.ts';
import { asArray, asNumber, asObject } from '../../model/index.ts';
import type { Need } from './need.ts';

export type Door = Pick<Need, 'protocol' | 'port'>;

/** Ports that the containers declare, named or not. */
export function containerDoors({ containers }: Workload): Door[] {
  return containers.flatMap(({ raw }) =>
    asArray(raw['ports']).flatMap((each) => {
      const { containerPort, protocol } = asObject(each);
      const port = asNumber(containerPort);
      const known = protocol === 'UDP' || protocol === 'SCTP' ? protocol : 'TCP';
      return port === undefined ? [] : [{ protocol: known, port }];
    }),
  );
}
