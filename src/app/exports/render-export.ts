// The files of an export that are no objects: a kustomization, and what is to be known of Secrets.

import type { NeededSecret } from '../../backup/index.ts';
import { renderBlock } from '../../fixes/text/render-value.ts';
import type { JsonObject } from '../../model/index.ts';

function toYaml(object: JsonObject): string {
  return `${renderBlock(object, { column: 0, newLine: '\n', flatLists: true })}\n`;
}

export function renderKustomization(files: readonly string[]): string {
  return toYaml({ apiVersion: 'kustomize.config.k8s.io/v1beta1', kind: 'Kustomization', resources: [...files] });
}

/** Names of Kubernetes, and keys that may be anything. */
function code(text: string): string {
  return `\`${text.replaceAll('`', "'")}\``;
}

function externalSecret({ namespace, name, type, keys }: NeededSecret): string {
  const data = keys.map((secretKey) => ({ secretKey, remoteRef: { key: 'WHERE-IT-IS-KEPT', property: secretKey } }));
  const typed = type === 'Opaque' ? {} : { template: { type } };
  return toYaml({
    apiVersion: 'external-secrets.io/v1',
    kind: 'ExternalSecret',
    metadata: { name, ...(namespace === '' ? {} : { namespace }) },
    spec: {
      secretStoreRef: { kind: 'ClusterSecretStore', name: 'YOUR-STORE' },
      target: { name, ...typed },
      data,
    },
  });
}

/** What must be in the cluster before the app is, without any value. Markdown: no tool applies it. */
export function renderSecretsPage(secrets: readonly NeededSecret[]): string {
  const sections = secrets.map((secret) => {
    const { namespace, name, type, keys } = secret;
    const where = namespace === '' ? code(name) : `${code(name)} in ${code(namespace)}`;
    const told = keys.length === 0 ? 'no keys' : `keys ${keys.map(code).join(', ')}`;
    return `## ${where}\n\nType ${code(type)}, ${told}.\n\n\`\`\`yaml\n${externalSecret(secret)}\`\`\`\n`;
  });
  const head =
    '# Secrets\n\nThese Secrets belong to the app, and their values were not exported. They must be in the cluster before it is. With the External Secrets Operator, from a store that keeps them:\n';
  return [head, ...sections].join('\n');
}
