// Holds policies that are not applied yet against what happens now: what would they cut?

import type { KubeObject } from '../../model/index.ts';
import { canAsk, Court, policySetWith } from './court.ts';
import { findNameServers } from './dns.ts';
import { gatherNeeds } from './gather-needs.ts';
import { type Cut, keyOfPeer, nameOfPeer, type Need, type Peer, portWords } from './need.ts';
import { assemblePlatform } from './platform.ts';
import type { Evidence } from './subject.ts';

export interface Audit {
  /** Different connections that were seen. */
  readonly seen: number;
  readonly kept: number;
  /** Seen, and would not be let through any more. */
  readonly cut: readonly Cut[];
  /** Declared and not seen within, and would not be let through either. */
  readonly cutUnseen: readonly Cut[];
}

function toCut({ from, to, ...door }: Need, why: string): Cut {
  return { from: nameOfPeer(from), to: nameOfPeer(to), port: portWords(door), why };
}

export function auditPolicies(evidence: Evidence, policies: readonly KubeObject[]): Audit {
  const { inventory, report, pods, answers, api } = evidence;
  const platform = assemblePlatform(inventory, answers, api);
  const { ledger, held } = gatherNeeds(evidence, platform);
  const court = new Court({ inventory, pods }, policySetWith(inventory, policies));
  const judged = ledger.needs.map((need) => ({ need, why: court.obstacle(need.from, need.to, need) }));
  const refused = judged.flatMap(({ need, why }) => (why === undefined ? [] : [{ need, why }]));
  const askers = new Set(report.folded.filter((fold) => fold.class === 'dns').flatMap(({ workloads }) => workloads));
  const servers = findNameServers(inventory, platform);
  const nameless = held
    .map((workload): Peer => ({ kind: 'workload', workload }))
    .filter((peer) => askers.has(keyOfPeer(peer)) && !canAsk(court, peer, servers));
  const seen = ledger.needs.filter(({ isSeen }) => isSeen).length + askers.size;
  const cut = [
    ...refused.filter(({ need }) => need.isSeen).map(({ need, why }) => toCut(need, why)),
    ...nameless.map(
      (peer): Cut => ({
        from: nameOfPeer(peer),
        to: 'DNS of the cluster',
        port: 'UDP and TCP 53',
        why: 'it was seen to ask for names, and no egress rule lets it',
      }),
    ),
  ];
  return {
    seen,
    kept: seen - cut.length,
    cut,
    cutUnseen: refused.filter(({ need }) => !need.isSeen).map(({ need, why }) => toCut(need, why)),
  };
}
