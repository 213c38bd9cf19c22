// The sample app: what its README tells, and what its developers have decided.

import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../e2e/run-cli.ts';
import type { JourneyApp } from './apps.ts';
import { fix } from './travel.ts';

export const shop: JourneyApp = {
  name: 'the shop',
  path: 'shop/k8s',
  choices: [],
  exposed: [],
  decisions: readFileSync(join(root, 'examples/shop/decisions.yaml'), 'utf8'),
  prepare: (app, decisions) => {
    // It was renamed, nothing refers to it, and no program can read it.
    rmSync(join(app, 'old.yaml'));
    // What no cluster but the laptop's takes.
    fix(app, ['--to', 'deployment=1', '--config', decisions]);
  },
  secrets: {
    'shop-credentials': ['DATABASE_URL', 'POSTGRES_PASSWORD', 'SESSION_SECRET'],
    'shop-secrets': ['JWT_SIGNING_KEY', 'smtp-password'],
  },
  values: { DATABASE_URL: 'postgres://shop:new-password@postgres:5432/shop' },
  calls: {
    web: ['api:8080'],
    api: ['cart:8080', 'catalog:8080', 'orders:8080', 'redis:6379'],
    cart: ['catalog:8080', 'redis:6379'],
    orders: ['postgres:5432'],
    worker: ['catalog:8080', 'redis:6379'],
  },
  undeclared: {},
  certificates: ['tls.crt', 'tls.key'],
  clients: ['api'],
  transcript: true,
  entrances: ['web:80'],
  workloads: 9,
};
