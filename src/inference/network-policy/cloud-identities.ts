// What pods ask the cloud for by an identity of theirs: where the identity is handed out, and the cloud's own API.

import type { Workload } from '../../inventory/index.ts';
import { type CloudIdentity, cloudIdentityOf } from '../../inventory/rights/cloud-identity.ts';
import { type AddressBlock, type Ledger, nameOfPeer, type Peer } from './need.ts';
import type { Directory } from './peer-of-party.ts';
import { anyAddress } from './platform.ts';

interface Issuer {
  readonly blocks: readonly AddressBlock[];
  readonly port: number;
}

/**
 * Addresses within the node that hand out the pod's own identity, and nobody else's. Sources: the GKE documentation, Workload Identity Federation and
 * network policies (988 with Calico, 80 with Dataplane V2); the EKS user guide, Pod Identity.
 */
const issuers: Readonly<Record<string, readonly Issuer[]>> = {
  'Workload Identity': [
    { blocks: [{ cidr: '169.254.169.252/32' }], port: 988 },
    { blocks: [{ cidr: '169.254.169.254/32' }], port: 80 },
  ],
  'EKS Pod Identity': [{ blocks: [{ cidr: '169.254.170.23/32' }, { cidr: 'fd00:ec2::23/128' }], port: 80 }],
};

const clouds: Readonly<Record<CloudIdentity['provider'], string>> = {
  AKS: 'Azure',
  EKS: 'AWS',
  GKE: 'Google Cloud',
};

/** True where the pods are given their own identity at the address that otherwise gives out that of their node. */
export function asksMetadata(identity: CloudIdentity | undefined): boolean {
  return identity?.provider === 'GKE';
}

export function takeCloudIdentities(ledger: Ledger, directory: Directory, subjects: readonly Workload[]): void {
  const { inventory, platform } = directory;
  for (const workload of subjects) {
    const identity = cloudIdentityOf(inventory, workload);
    if (identity === undefined) continue;
    const from: Peer = { kind: 'workload', workload };
    const cloud = clouds[identity.provider];
    const shared = {
      from,
      protocol: 'TCP',
      isDeclared: true,
      isSeen: false,
      why: [`its pods are ${identity.text}`],
    } as const;
    for (const { blocks, port } of issuers[identity.mechanism] ?? [])
      ledger.need({ ...shared, to: { kind: 'addresses', name: identity.mechanism, blocks }, port });
    ledger.need({ ...shared, to: platform.answers.get('cloud') ?? anyAddress(platform, cloud), port: 443 });
    if (platform.answers.get('cloud') === undefined)
      ledger.decide({
        about: `${nameOfPeer(from)} → ${cloud}, TCP 443`,
        done: `its account stands for an identity in ${cloud}, whose addresses are not known: opened to every address on this port`,
        advice: 'Give its addresses: --peer cloud=203.0.113.0/24',
      });
  }
}
