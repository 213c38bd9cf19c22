// The two questions about rights, on the built program.

import { describe, expect, it } from 'vitest';
import { nowwhat } from './run-cli.ts';

const shop = 'examples/shop/k8s';

describe('who-can', () => {
  it('answers in JSON with what gives the right', () => {
    const { status, out } = nowwhat(['who-can', 'get', 'secrets', shop, '-n', 'default', '-o', 'json']);
    expect(status).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      schema: 'nowwhat.dev/who-can/v1',
      question: 'get secrets in namespace default',
      holders: [
        {
          subject: { kind: 'ServiceAccount', namespace: 'default', name: 'shop-admin' },
          grants: [{ namespace: '', binding: { name: 'shop-admin' }, role: { name: 'cluster-admin', builtIn: true } }],
        },
      ],
    });
  });

  it('says what it does not know and what was meant', () => {
    const { status, err } = nowwhat(['who-can', 'get', 'secrts', shop]);
    expect(status).toBe(2);
    expect(err).toContain('Did you mean secrets?');
  });
});

describe('what-can', () => {
  it.each(['sa:default/shop-admin', 'Deployment/default/api', 'system:serviceaccount:default:shop-admin'])(
    'takes %s',
    (subject) => {
      const { status, out } = nowwhat(['what-can', subject, shop]);
      expect(status).toBe(0);
      expect(out).toContain('ClusterRoleBinding shop-admin, ClusterRole cluster-admin (built in)');
    },
  );

  it.each(['shop-admin', 'sa:shop-admin', 'Deployment/default/none', 'robot:x'])(
    'refuses %s with advice',
    (subject) => {
      const { status, err } = nowwhat(['what-can', subject, shop]);
      expect(status).toBe(2);
      expect(err).toContain('sa:NAMESPACE/NAME');
    },
  );
});
