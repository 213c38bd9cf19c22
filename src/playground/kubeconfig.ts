// The kubeconfig that leads to a playground.

/** One context for each user, all named `playground` but for other users than the current one. JSON, which is YAML too. */
export function renderKubeconfig(url: string, tokens: Readonly<Record<string, string>>, current: string): string {
  const names = Object.keys(tokens);
  const contextOf = (user: string): string => (user === current ? 'playground' : `playground-${user}`);
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': contextOf(current),
    clusters: [{ name: 'playground', cluster: { server: url } }],
    users: names.map((name) => ({ name, user: { token: tokens[name] ?? '' } })),
    contexts: names.map((name) => ({
      name: contextOf(name),
      context: { cluster: 'playground', user: name, namespace: 'default' },
    })),
  };
  return `${JSON.stringify(config, undefined, 2)}\n`;
}
