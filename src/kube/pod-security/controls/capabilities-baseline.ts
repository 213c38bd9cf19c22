// Added capabilities at the baseline level: only those that a container has by default anyway.

import { asArray } from '../../../model/index.ts';
import { type Breach, breachAt, type Control, fieldOf, type PodView, textOf } from '../control.ts';

const field = ['securityContext', 'capabilities', 'add'];

// The usual default set of container runtimes without NET_RAW; compared as written, so CAP_CHOWN and chown are not in it.
const allowed = new Set([
  'AUDIT_WRITE',
  'CHOWN',
  'DAC_OVERRIDE',
  'FOWNER',
  'FSETID',
  'KILL',
  'MKNOD',
  'NET_BIND_SERVICE',
  'SETFCAP',
  'SETGID',
  'SETPCAP',
  'SETUID',
  'SYS_CHROOT',
]);

function findAddedCapabilities(pod: PodView): Breach[] {
  return pod.containers.flatMap((place) =>
    asArray(fieldOf(place, field)).flatMap((value, index) => {
      const capability = textOf(value);
      if (allowed.has(capability)) return [];
      return [breachAt(place, [...field, index], `adds the capability ${JSON.stringify(capability)}`)];
    }),
  );
}

export const capabilitiesBaseline: Control = {
  id: 'capabilities_baseline',
  title: 'Containers add no capability beyond the default set',
  level: 'baseline',
  revisions: [{ since: 0, find: findAddedCapabilities }],
};
