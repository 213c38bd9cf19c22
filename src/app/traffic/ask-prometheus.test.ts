import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { askPrometheus } from './ask-prometheus.ts';

describe('Prometheus', () => {
  let server: Server | undefined;

  afterEach(() => server?.close());

  async function serve(answer: (query: string) => string): Promise<{ url: string; asked: string[] }> {
    const asked: string[] = [];
    server = createServer((request, response) => {
      const url = new URL(request.url ?? '', 'http://x');
      asked.push(`${request.method} ${url.pathname}`);
      response.end(answer(url.searchParams.get('query') ?? ''));
    });
    await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
    return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
  }

  it('is asked by reads of its query API only, below any path', async () => {
    const metric = {
      source_workload: 'web',
      source_workload_namespace: 'shop',
      destination_workload: 'db',
      destination_workload_namespace: 'shop',
    };
    const { url, asked } = await serve((query) =>
      JSON.stringify(
        {
          status: 'success',
          data: {
            resultType: 'vector',
            result: query.includes('opened_total[30m]') ? [{ metric, value: [1, '2'] }] : [],
          },
        },
        null,
        1,
      ),
    );
    const { flows, records, ignoredCount } = await askPrometheus({ url: `${url}/prom/`, range: '30m' });
    expect(flows).toMatchObject([{ from: { workload: { name: 'web' } }, to: { workload: { name: 'db' } }, count: 2 }]);
    expect({ records, ignoredCount }).toEqual({ records: 1, ignoredCount: 0 });
    expect(new Set(asked)).toEqual(new Set(['GET /prom/api/v1/query']));
  });

  it('that answers with something else is told', async () => {
    const { url } = await serve(() => '<html>');
    expect((await askPrometheus({ url, range: '1h' })).ignored[0]?.reason).toBe('is no whole JSON');
  });

  it('that is not there, and no address, are errors of the user', async () => {
    await expect(askPrometheus({ url: 'http://127.0.0.1:1', range: '1h' })).rejects.toMatchObject({
      code: 'prometheus-unreachable',
    });
    for (const url of ['localhost:9090', 'file:///etc/passwd', ''])
      await expect(askPrometheus({ url, range: '1h' })).rejects.toMatchObject({ code: 'invalid-option' });
  });
});
