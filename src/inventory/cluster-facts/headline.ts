// The facts in one line, for the head of a page.

import type { ClusterPicture } from './index.ts';

function versionWords({ version: { server, support, endOfLife } }: ClusterPicture): string {
  const name = `Kubernetes ${server.replace(/^v/, '')}`;
  if (endOfLife === undefined) return support === 'ended' ? `${name} (community support ended)` : name;
  return `${name} (${support === 'ended' ? 'community support ended' : 'supported until'} ${endOfLife})`;
}

function nodeWords({ nodes: { seen, nodes } }: ClusterPicture): string {
  if (!seen && nodes.length === 0) return 'nodes not known';
  const virtual = nodes.filter((node) => node.virtual).length;
  return `${nodes.length} ${nodes.length === 1 ? 'node' : 'nodes'}${virtual === 0 ? '' : ` (${virtual} virtual)`}`;
}

const enforcing = {
  true: 'policies enforced',
  false: 'policies not enforced',
  unknown: 'policies perhaps not enforced',
};

function networkWords({ network: { plugins, enforcesPolicies } }: ClusterPicture): string {
  const names = plugins.map(({ name }) => name).join(' and ');
  if (names === '' && enforcesPolicies === 'unknown') return 'whether policies are enforced is not known';
  return `${names === '' ? '' : `${names}: `}${enforcing[`${enforcesPolicies}`]}`;
}

/** `Minikube, Kubernetes 1.34.0 (supported until 2026-10-27), 1 node, kindnet: policies not enforced`. */
export function headlineOf(picture: ClusterPicture): string {
  const { name } = picture.provider;
  return [...(name === undefined ? [] : [name]), versionWords(picture), nodeWords(picture), networkWords(picture)].join(
    ', ',
  );
}
