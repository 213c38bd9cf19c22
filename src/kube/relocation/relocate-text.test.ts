import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseHostRules } from './host-rules.ts';
import { relocateText } from './relocate-text.ts';
import type { Relocation } from './relocation.ts';

const moving: Relocation = {
  namespaces: new Map([['shop', 'shop-copy']]),
  services: new Set(['shop/db', 'shop/cart', 'shop/web']),
  addresses: new Map([['10.96.0.17', 'shop/db']]),
  objects: new Set(),
  labels: new Map(),
  domains: ['cluster.local'],
  hosts: parseHostRules(['shop.example.com=copy.example.com', '*=copy.test']),
};

const text = (value: string): string => relocateText(value, moving).text;
const reasons = (value: string): string[] => {
  const { left, lone } = relocateText(value, moving);
  return [...left, ...lone].map(({ reason }) => reason);
};

describe('references in a text', () => {
  it.each([
    ['db.shop', 'db.shop-copy'],
    ['db.shop:5432', 'db.shop-copy:5432'],
    ['db.shop.svc', 'db.shop-copy.svc'],
    ['db.shop.svc.cluster.local', 'db.shop-copy.svc.cluster.local'],
    ['db.shop.svc.cluster.local.:5432', 'db.shop-copy.svc.cluster.local.:5432'],
    ['DB.Shop.SVC', 'DB.shop-copy.SVC'],
    [
      'postgres://user:p%40ss@db.shop.svc:5432/shop?sslmode=disable',
      'postgres://user:p%40ss@db.shop-copy.svc:5432/shop?sslmode=disable',
    ],
    ['jdbc:postgresql://db.shop/app', 'jdbc:postgresql://db.shop-copy/app'],
    ['http://cart.shop/items,http://web.shop.svc/x', 'http://cart.shop-copy/items,http://web.shop-copy.svc/x'],
    ['db-0.db.shop.svc.cluster.local', 'db-0.db.shop-copy.svc.cluster.local'],
    ['db-0.db.shop:5432', 'db-0.db.shop-copy:5432'],
    ['_pg._tcp.db.shop.svc.cluster.local', '_pg._tcp.db.shop-copy.svc.cluster.local'],
    ['${POD}.db.shop.svc.cluster.local', '${POD}.db.shop-copy.svc.cluster.local'],
    ['*.shop.svc.cluster.local', '*.shop-copy.svc.cluster.local'],
    ['user@tcp(db.shop:3306)/app', 'user@tcp(db.shop-copy:3306)/app'],
    ['upstream a { server web.shop; }', 'upstream a { server web.shop-copy; }'],
    ['--peers=db.shop.svc:1,cart.shop.svc:2', '--peers=db.shop-copy.svc:1,cart.shop-copy.svc:2'],
    ['system:serviceaccount:shop:web', 'system:serviceaccount:shop-copy:web'],
    ['system:serviceaccounts:shop', 'system:serviceaccounts:shop-copy'],
    ['cluster.local/ns/shop/sa/web', 'cluster.local/ns/shop-copy/sa/web'],
    ['/api/v1/namespaces/shop/pods', '/api/v1/namespaces/shop-copy/pods'],
    ['namespace: shop', 'namespace: shop-copy'],
    ['{"namespace":"shop"}', '{"namespace":"shop-copy"}'],
    ['sum(rate(x{namespace="shop",job="a"}[5m]))', 'sum(rate(x{namespace="shop-copy",job="a"}[5m]))'],
    ['kubernetes_namespace=~"shop"', 'kubernetes_namespace=~"shop-copy"'],
    ['--namespace=shop', '--namespace=shop-copy'],
    ['kubectl get pods -n shop', 'kubectl get pods -n shop-copy'],
    ['namespaces:\n  names:\n  - other\n  - shop\n', 'namespaces:\n  names:\n  - other\n  - shop-copy\n'],
    ['namespaces: [a, "shop"]', 'namespaces: [a, "shop-copy"]'],
    ['https://shop.example.com/x', 'https://copy.example.com/x'],
  ])('%s becomes %s', (before, after) => {
    expect(text(before)).toBe(after);
  });

  it.each([
    'db',
    'http://db:5432',
    'shop',
    'shopping',
    'my-shop',
    'db.shop-staging.svc',
    'db.myshop.svc',
    'db.shop2:80',
    'shop.db.svc',
    'db.my_shop.svc',
    'namespace: shop-staging',
    'namespace: shopping',
    'echo -n shop',
    'namespace: SHOP',
    'kubectl -n shop-staging get pods',
    'x/ns/shopping/sa/web',
    'other.example.com',
    'a.shop.example.com',
    'shop.conf',
    'postgres://db/shop',
    'éshop.svc.cluster.local',
    'registry.test/shop/web:1',
  ])('%s stays', (same) => {
    expect(text(same)).toBe(same);
    expect(relocateText(same, moving).changes).toEqual([]);
  });

  it.each([
    ['info@cart.shop', /mail/],
    ['/etc/db.shop', /path/],
    ['cart.shop = 5', /key/],
    ['if cart.shop() {', /program/],
    ['order.cart.shop;', /word of a program/],
    ['http://gone.shop', /no Service/],
    ['db.shop.svc.corp.example', /domain/],
    ['10-1-2-3.shop.pod.cluster.local', /pod/],
    ['10.96.0.17:5432', /address of the Service shop\/db/],
    ['queue.other.svc', /namespace other/],
    ['shop', /name of the namespace, or of something else/],
  ])('%s is left alone, with a reason', (same, why) => {
    expect(text(same)).toBe(same);
    expect(reasons(same).join('; ')).toMatch(why);
  });

  it('tells each change once, and no more of a text than the name', () => {
    const { changes } = relocateText('a=postgres://u:secret@db.shop.svc b=db.shop.svc', moving);
    expect(changes).toEqual([{ before: 'db.shop.svc', after: 'db.shop-copy.svc' }]);
    expect(JSON.stringify(relocateText('kubectl --token=geheim get pods -n shop', moving).changes)).not.toContain(
      'geheim',
    );
  });
});

const label = fc.stringMatching(/^[a-z0-9]([-a-z0-9]{0,8}[a-z0-9])?$/);

describe('a word is changed as a whole or not at all', () => {
  it('whatever text stands around a name that only contains the namespace, nothing changes', () => {
    const part = fc.constantFrom('-', '_', 'x', '2');
    const name = fc.oneof(
      fc.tuple(part, label).map(([by, other]) => `shop${by}${other}`),
      fc.tuple(label, part).map(([other, by]) => `${other}${by}shop`),
    );
    const form = fc.constantFrom(
      (each: string) => `http://db.${each}.svc.cluster.local:80/`,
      (each: string) => `db.${each}`,
      (each: string) => `namespace: ${each}`,
      (each: string) => `system:serviceaccount:${each}:web`,
      (each: string) => `/namespaces/${each}/pods`,
      (each: string) => `--namespace=${each}`,
    );
    fc.assert(
      fc.property(name, form, (each, write) => {
        expect(relocateText(write(each), moving).changes).toEqual([]);
      }),
    );
  });

  it('names of Services become the same in every form, and only the namespace in them changes', () => {
    const form = fc.constantFrom('', '.svc', '.svc.cluster.local');
    fc.assert(
      fc.property(
        form,
        fc.constantFrom('http://', 'redis://:pw@', ''),
        fc.integer({ min: 1, max: 65_535 }),
        (end, scheme, port) => {
          const write = (namespace: string): string => `${scheme}cart.${namespace}${end}:${port}`;
          expect(text(write('shop'))).toBe(write('shop-copy'));
        },
      ),
    );
  });

  it('twice changes nothing more', () => {
    const word = fc.constantFrom(
      'db.shop',
      'db.shop.svc',
      'namespace: shop',
      'shop',
      'cart.shop:80',
      ' ',
      '\n',
      '"',
      ',',
      'x=',
      'http://',
      'shop.example.com',
      '- ',
    );
    fc.assert(
      fc.property(fc.array(word, { maxLength: 12 }), (words) => {
        const once = text(words.join(''));
        expect(text(once)).toBe(once);
      }),
    );
  });

  it('any text without the namespace comes back as it was', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 80 }), (any) => {
        fc.pre(!/shop|example/i.test(any));
        expect(text(any)).toBe(any);
      }),
    );
  });

  it('a megabyte of letters takes no time', () => {
    const started = performance.now();
    text('shop.'.repeat(200_000));
    text('a'.repeat(1_000_000));
    text(`namespaces: [${'a, '.repeat(300_000)}`);
    expect(performance.now() - started).toBeLessThan(10_000);
  });
});

describe('rules for hosts', () => {
  it('the first that fits wins; a star stands for what is before', () => {
    const { ofRoute, inText } = parseHostRules(['a.example.com=b.test', '*.example.com=*.copy.test', '*=other.test']);
    expect(['a.example.com', 'x.y.example.com', 'z.test', '*'].map(ofRoute)).toEqual([
      'b.test',
      'x.y.copy.test',
      'other.test',
      'other.test',
    ]);
    expect(inText('z.test')).toBeUndefined();
  });

  it.each(['a', '=b', 'a=', 'a=a', '*.*=b', 'a=*.b', 'a b=c'])('refuses %s', (rule) => {
    expect(() => parseHostRules([rule])).toThrow(/no rule for hosts/);
  });
});
