// Kubelets, asked through the API server.

import { beforeAll, expect, it } from 'vitest';
import { contract } from './api-under-test.ts';

contract('kubelets', (api) => {
  let proxy: string;

  beforeAll(async () => {
    const nodes = await api.get('/api/v1/nodes');
    proxy = `/api/v1/nodes/${nodes.body['items'][0].metadata.name}/proxy`;
  });

  it('tell their settings', async () => {
    const { code, body } = await api.get(`${proxy}/configz`);
    expect(code).toBe(200);
    expect(body['kubeletconfig']).toMatchObject({
      port: 10250,
      authentication: { anonymous: { enabled: false }, webhook: { enabled: true } },
      authorization: { mode: 'Webhook' },
      makeIPTablesUtilChains: true,
    });
  });

  it('answer nothing under other paths, and not at all where the node is unknown', async () => {
    const nothing = await api.get(`${proxy}/no-such-path`);
    expect(nothing).toMatchObject({ code: 404, text: '404 page not found\n' });
    const unknown = await api.get('/api/v1/nodes/no-such-node/proxy/configz');
    expect(unknown).toMatchObject({ code: 404, body: { message: 'nodes "no-such-node" not found' } });
  });

  it('are asked only for those who may', async () => {
    const headers = { 'impersonate-user': 'somebody' };
    const refused = await api.ask(`${proxy}/configz`, { headers });
    expect(refused.code).toBe(403);
    expect(refused.body['message']).toContain(
      'is forbidden: User "somebody" cannot get resource "nodes/proxy" in API group "" at the cluster scope',
    );
  });
});
