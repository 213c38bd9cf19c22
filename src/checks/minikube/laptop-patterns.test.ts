// Which texts mean a laptop, and which only look like it.

import { describe, expect, it } from 'vitest';
import { createInventory } from '../../inventory/index.ts';
import { snapshotOf } from '../../inventory/snapshot-builder.ts';
import type { Check } from '../check.ts';
import { runChecks } from '../run-checks.ts';
import { developmentMode } from './development-mode.ts';
import { developmentServer } from './development-server.ts';
import { imageNotPublished } from './image-not-published.ts';
import { imageRegistryLocal } from './image-registry-local.ts';
import { laptopAddress } from './laptop-address.ts';
import { laptopHost } from './laptop-host.ts';
import { isLaptopFolder } from './laptop-paths.ts';
import { localhostCall } from './localhost-call.ts';
import { officialImages } from './official-images.ts';

function judge(check: Check, text: string) {
  const options = { minor: 34, today: '2026-01-15', allowedRegistries: [] };
  return runChecks([check], createInventory(snapshotOf(text)), options);
}

function podWith(container: Record<string, unknown>): string {
  const raw = { name: 'web', image: 'registry.example.com/web:1', ...container };
  return JSON.stringify({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web' }, spec: { containers: [raw] } });
}

const verdictOf = (check: Check, text: string) => judge(check, text).outcomes[0]?.verdict;

describe('an image', () => {
  it.each([
    ['localhost/web:1', 'fail'],
    ['localhost:5000/web:1', 'fail'],
    ['127.0.0.1:5000/web:1', 'fail'],
    ['host.minikube.internal:5000/web:1', 'fail'],
    ['kind-registry:5000/web:1', 'fail'],
    ['192.168.49.2:5000/web:1', 'fail'],
    ['192.168.4.92:5000/web:1', 'pass'],
    ['1192.168.49.2:5000/web:1', 'pass'],
    ['registry.corp.local:5000/web:1', 'unknown'],
    ['registry.example.com/web:1', 'pass'],
    ['nginx', 'pass'],
  ])('%s is local: %s', (image, expected) => {
    expect(verdictOf(imageRegistryLocal, podWith({ image }))).toBe(expected);
  });

  it.each([
    [{ image: 'shop:1' }, 'fail'],
    [{ image: 'shop' }, 'fail'],
    [{ image: 'library/shop:1' }, 'fail'],
    [{ image: 'shop:1', imagePullPolicy: 'Never' }, 'pass'],
    [{ image: `shop@sha256:${'a'.repeat(64)}` }, 'pass'],
    [{ image: 'postgres:17' }, 'pass'],
    [{ image: 'docker.io/library/httpd:2.4' }, 'pass'],
    [{ image: 'team/shop:1' }, 'pass'],
    [{ image: 'quay.io/library/shop:1' }, 'pass'],
  ])('%j is unpublished: %s', (container, expected) => {
    expect(verdictOf(imageNotPublished, podWith(container))).toBe(expected);
  });

  it('has official names in the form of a repository', () => {
    expect(officialImages.size).toBeGreaterThan(170);
    for (const name of officialImages) expect(name).toMatch(/^[a-z0-9]+(?:[.-][a-z0-9]+)*$/);
  });
});

describe('a folder', () => {
  it.each([
    '/Users/anna/shop',
    '/home/anna',
    '/hosthome/anna',
    '/minikube-host',
    '/mnt/c/src',
    'C:\\Users\\anna',
    '/run/desktop/mnt/host/c/src',
  ])('%s is of a laptop', (path) => expect(isLaptopFolder(path)).toBe(true));
  it.each(['/home', '/Users', '/data', '/mnt/data', '/opt/Users/x', '/homes/anna', 'C:\\data'])('%s is not', (path) =>
    expect(isLaptopFolder(path)).toBe(false),
  );
});

describe('a setting', () => {
  const env = (value: string, name = 'URL') => podWith({ ports: [{ containerPort: 8080 }], env: [{ name, value }] });

  it.each([
    ['http://host.docker.internal:3000/api', 'fail'],
    ['HOST.MINIKUBE.INTERNAL', 'fail'],
    ['tcp://192.168.49.1:5432', 'fail'],
    ['http://192.168.39.11', 'unknown'],
    ['http://192.168.40.11', 'pass'],
    ['1.192.168.49.1', 'pass'],
    ['192.168.49.1.5', 'pass'],
    ['myhost.docker.internal.example.org', 'pass'],
    ['db', 'pass'],
  ])('%s is an address of a laptop: %s', (value, expected) => {
    expect(verdictOf(laptopAddress, env(value))).toBe(expected);
  });

  it('is read in arguments and ConfigMaps, and never in Secrets', () => {
    const args = judge(laptopAddress, podWith({ args: ['--db', 'host.minikube.internal:5432'] })).findings;
    expect(args).toMatchObject([{ path: '/spec/containers/0/args/1', subject: { container: 'web' } }]);
    const secret = 'apiVersion: v1\nkind: Secret\nmetadata: {name: a}\nstringData: {url: host.minikube.internal}\n';
    expect(verdictOf(laptopAddress, secret)).toBe('not-applicable');
  });

  it('never shows more of a value than the address', () => {
    const [finding] = judge(laptopAddress, env('postgres://shop:hunter2@host.minikube.internal/shop')).findings;
    expect(JSON.stringify(finding)).toContain('host.minikube.internal');
    expect(JSON.stringify(finding)).not.toContain('hunter2');
  });

  it.each([
    ['redis://localhost:6379', 'URL', 'unknown'],
    ['postgres://shop:hunter2@127.0.0.1:5432/shop', 'URL', 'unknown'],
    ['localhost:6379', 'REDIS', 'unknown'],
    ['http://localhost:8080', 'URL', 'pass'],
    ['localhost:9090', 'LISTEN_ADDRESS', 'pass'],
    ['http://notlocalhost:6379', 'URL', 'pass'],
    ['http://localhost', 'URL', 'pass'],
  ])('%s in %s calls the own pod: %s', (value, name, expected) => {
    const results = judge(localhostCall, env(value, name));
    expect(results.outcomes[0]?.verdict).toBe(expected);
    expect(JSON.stringify(results.findings)).not.toContain('hunter2');
  });

  it.each([
    ['NODE_ENV', 'development', 'fail'],
    ['NODE_ENV', ' Development ', 'fail'],
    ['NODE_ENV', 'developments', 'pass'],
    ['NODE_ENV', 'production', 'pass'],
    ['SPRING_PROFILES_ACTIVE', 'mysql, dev', 'fail'],
    ['SPRING_PROFILES_ACTIVE', 'devices', 'pass'],
    ['GIN_MODE', 'debug', 'fail'],
    ['FLASK_DEBUG', 'True', 'fail'],
    ['FLASK_DEBUG', 'false', 'pass'],
    ['OTHER_DEBUG', '1', 'pass'],
    ['toString', '1', 'pass'],
  ])('%s=%s is development: %s', (name, value, expected) => {
    expect(verdictOf(developmentMode, env(value, name))).toBe(expected);
  });
});

describe('a command', () => {
  it.each([
    ['npm run dev'],
    ['yarn dev'],
    ['npx next dev -p 3000'],
    ['ng serve --host 0.0.0.0'],
    ['flask run'],
    ['python -m flask --debug --app shop run'],
    ['python manage.py runserver 0.0.0.0:8000'],
    ['uvicorn shop:app --host 0.0.0.0 --reload'],
    ['php -S 0.0.0.0:80'],
    ['./gradlew bootRun'],
    ['dotnet watch'],
    ['go run ./cmd/shop'],
    ['nodemon index.js'],
  ])('%s is a development server', (command) => {
    expect(verdictOf(developmentServer, podWith({ command: command.split(' ') }))).toBe('fail');
    expect(verdictOf(developmentServer, podWith({ command: ['sh', '-c'], args: [command] }))).toBe('fail');
  });

  it.each([
    ['npm start'],
    ['npm run development-report'],
    ['next start'],
    ['flask db upgrade'],
    ['flask --app shop running'],
    ['uvicorn shop:app'],
    ['php-fpm -R'],
    ['cargo-run'],
    ['mango run'],
    ['vite build'],
  ])('%s is not', (command) => {
    expect(verdictOf(developmentServer, podWith({ command: command.split(' ') }))).toBe('pass');
  });
});

describe('a host name', () => {
  const ingress = (host: string) =>
    `apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: web}\nspec: {rules: [{host: "${host}"}]}\n`;

  it.each([
    'shop.local',
    'Shop.LOCAL',
    'localhost',
    'shop.localhost',
    'shop.test',
    'shop.example',
    'example.com',
    'www.example.org',
    'a.10.0.0.1.nip.io',
    'shop.minikube.internal',
  ])('%s is for trying out', (host) => expect(verdictOf(laptopHost, ingress(host))).toBe('fail'));
  it.each([
    'shop.nowwhat.dev',
    'local.nowwhat.dev',
    'notexample.com',
    'example.com.nowwhat.dev',
    'mylocal',
    'contest',
    '*.shop.io',
    '',
  ])('%s is not', (host) => expect(verdictOf(laptopHost, ingress(host))).toBe('pass'));

  it('is read in the listeners of a Gateway', () => {
    const gateway =
      'apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nmetadata: {name: web}\nspec: {listeners: [{name: a}, {name: b, hostname: shop.local}]}\n';
    expect(judge(laptopHost, gateway).findings).toMatchObject([{ path: '/spec/listeners/1/hostname' }]);
  });
});
