// Ports of the control plane are closed to pods and outsiders: only a probe of both sides can tell.

import type { Inventory } from '../../inventory/index.ts';
import { appCheck, type AppDiagnostics } from '../check.ts';
import { doorsSeen, tellOpenDoor } from '../seen-doors.ts';

const settledBy = 'a probe from a pod and from outside';
const standpoints = ['outside', 'inside'] as const;

/** Doors of the cluster itself, and not of what runs in it. */
const isOwn = ({ door }: { readonly door: string }): boolean => door !== 'service' && door !== 'metadata-service';

function findOpen(inventory: Inventory): AppDiagnostics {
  const seen = standpoints.map((from) => ({ from, doors: doorsSeen(inventory, from).filter(isOwn) }));
  const open = seen.flatMap(({ from, doors }) =>
    doors.filter(({ state }) => state === 'open').map((door) => tellOpenDoor(door, from)),
  );
  const missing = seen.filter(({ doors }) => doors.length === 0).map(({ from }) => from);
  if (open.length > 0 || missing.length === 0) return open;
  const place =
    missing.length === 2 ? 'from pods or from outside' : missing[0] === 'inside' ? 'from pods' : 'from outside';
  return {
    verdict: 'unknown',
    message: `whether ports of etcd, kubelets and controllers are reachable ${place} cannot be seen in files`,
    evidence: `would be settled by ${settledBy}: \`nowwhat probe --from both\``,
  };
}

export const controlPlanePortsClosed = appCheck(
  {
    id: 'control-plane-ports-closed',
    family: 'control-plane',
    title: 'Ports of the control plane are closed to pods and outsiders',
    leg: 'security',
    level: 1,
    owner: 'cluster-administrator',
    ownerWhenManaged: 'provider',
    severity: 'critical',
    references: [],
    remediation: 'Close 2379, 2380, 10250, 10255, 10257 and 10259 to everybody but the control plane.',
    minutes: 60,
    settledBy,
  },
  { find: ({ inventory }) => findOpen(inventory) },
);
