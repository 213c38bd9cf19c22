// Finds settings that point at the developer's machine or at Minikube's own network.

import { objectCheck } from '../check.ts';
import { minikubeMeta } from './minikube-meta.ts';
import { hasSettings, settingsOf } from './settings.ts';

/** Names that local clusters give to the machine they run on, and the network of Minikube's Docker and Podman drivers. */
const surely =
  /\b(?:host|control-plane|gateway|kubernetes)\.(?:minikube|docker|lima|containers|rancher-desktop)\.internal\b|(?<![\d.])192\.168\.49\.\d{1,3}(?![\d.])/i;
/** Default networks of Minikube's drivers on virtual machines: kvm2, VirtualBox, hyperkit. Other networks use them too. */
const perhaps = /(?<![\d.])192\.168\.(?:39|59|64|99)\.\d{1,3}(?![\d.])/;

export const laptopAddress = objectCheck(
  minikubeMeta({
    id: 'laptop-address',
    title: 'Settings point at nothing on a laptop',
    severity: 'high',
    remediation: 'Run what it points at in the cluster, or give its address as a value per environment.',
    minutes: 30,
    settledBy: 'whoever knows the network of the target cluster',
  }),
  {
    kinds: ['*'],
    applies: (object, { inventory }) => hasSettings(object, inventory),
    find: (object, { inventory }) =>
      settingsOf(object, inventory).flatMap(({ name, value, path, holder, container }) => {
        const sure = surely.exec(value)?.[0];
        const address = sure ?? perhaps.exec(value)?.[0];
        if (address === undefined) return [];
        const place = name === '' ? `an argument of ${holder}` : `"${name}" of ${holder}`;
        const target = container === undefined ? {} : { container };
        if (sure === undefined)
          return {
            verdict: 'unknown' as const,
            message: `${place} points at "${address}", an address that Minikube's virtual machines often have`,
            path,
            evidence: 'would be settled by whoever knows the network of the target cluster',
            ...target,
          };
        return {
          message: `${place} points at "${address}", which is the machine of a developer: no other cluster reaches it`,
          path,
          evidence: `the value holds ${address}`,
          ...target,
        };
      }),
  },
);
