// Namespaces that every cluster has for itself. Source: https://kubernetes.io/docs/concepts/overview/working-with-objects/namespaces/

export const systemNamespaces: ReadonlySet<string> = new Set(['kube-system', 'kube-public', 'kube-node-lease']);
