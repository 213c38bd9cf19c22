import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { asArray, asObject, isJsonObject, type Json, type JsonObject, valueAt } from '../../model/index.ts';
import type { PodSecurityPod } from './control.ts';
import { controls } from './controls.ts';
import { judgePodSecurity, newestPodSecurityMinor, type PodSecurityLevel } from './index.ts';

const flag = fc.constantFrom<Json>(true, false, null);
const text = (...words: readonly string[]) => fc.constantFrom<Json>(...words, '', null);
const optional = <T extends Record<string, fc.Arbitrary<Json>>>(fields: T): fc.Arbitrary<JsonObject> =>
  fc.record(fields, { requiredKeys: [] }) as fc.Arbitrary<JsonObject>;
const orNull = (value: fc.Arbitrary<JsonObject>): fc.Arbitrary<Json> => fc.option(value, { freq: 5 });
const listOf = (value: fc.Arbitrary<Json>): fc.Arbitrary<Json> => fc.array(value, { maxLength: 3 });

const shared = {
  runAsNonRoot: flag,
  runAsUser: fc.constantFrom<Json>(0, 1000, null),
  seccompProfile: orNull(optional({ type: text('RuntimeDefault', 'Localhost', 'Unconfined') })),
  appArmorProfile: orNull(optional({ type: text('RuntimeDefault', 'Unconfined') })),
  seLinuxOptions: orNull(optional({ type: text('container_t', 'container_engine_t', 'spc_t'), user: text('u') })),
  windowsOptions: orNull(optional({ hostProcess: flag })),
};
const capability = text('ALL', 'NET_BIND_SERVICE', 'CHOWN', 'NET_RAW');
const securityContext = orNull(
  optional({
    ...shared,
    privileged: flag,
    allowPrivilegeEscalation: fc.constantFrom<Json>(false, false, true, null),
    procMount: text('Default', 'Unmasked'),
    capabilities: orNull(optional({ add: listOf(capability), drop: listOf(capability) })),
  }),
);
const handler = orNull(optional({ httpGet: orNull(optional({ host: text('10.0.0.1') })) }));
const container = fc
  .tuple(
    fc.constantFrom('a', 'b', 'c'),
    optional({
      securityContext,
      ports: listOf(optional({ hostPort: fc.constantFrom<Json>(0, 80, null) })),
      livenessProbe: handler,
      lifecycle: orNull(optional({ preStop: handler })),
    }),
  )
  .map(([name, rest]): JsonObject => ({ name, ...rest }));
const volume = fc
  .constantFrom('emptyDir', 'hostPath', 'nfs', 'image', 'secret')
  .chain((source) => optional({ name: fc.constant('data'), [source]: fc.constantFrom<Json>({}, null) }));
const annotations = optional({
  'container.apparmor.security.beta.kubernetes.io/a': fc.constantFrom<Json>('unconfined', 'runtime/default'),
  'seccomp.security.alpha.kubernetes.io/pod': fc.constantFrom<Json>('unconfined', 'runtime/default'),
  'container.seccomp.security.alpha.kubernetes.io/b': fc.constantFrom<Json>('unconfined', 'docker/default'),
});

const spec = optional({
  containers: fc.array(container, { minLength: 1, maxLength: 2 }),
  initContainers: listOf(container),
  ephemeralContainers: fc.option(fc.array(container, { maxLength: 2 })),
  volumes: listOf(volume),
  hostNetwork: flag,
  hostUsers: flag,
  os: orNull(optional({ name: text('windows', 'linux') })),
  securityContext: orNull(
    optional({ ...shared, sysctls: listOf(optional({ name: text('kernel.msgmax', 'net.ipv4.tcp_rmem') })) }),
  ),
});
const anyPod: fc.Arbitrary<PodSecurityPod> = fc.record({ metadata: optional({ annotations }), spec });
const anyMinor = fc.integer({ min: 0, max: newestPodSecurityMinor });
const anyLevel = fc.constantFrom<PodSecurityLevel>('baseline', 'restricted');
const linux = (pod: PodSecurityPod): PodSecurityPod => ({ ...pod, spec: { ...pod.spec, os: { name: 'linux' } } });

const lists = ['containers', 'initContainers', 'ephemeralContainers'] as const;
const messages = (pod: PodSecurityPod, level: PodSecurityLevel, minor: number): string[] =>
  judgePodSecurity(pod, level, minor).map(({ control, message }) => `${control}: ${message}`);
const fails = (pod: PodSecurityPod, level: PodSecurityLevel, minor: number): boolean =>
  judgePodSecurity(pod, level, minor).length > 0;

function withoutNulls(value: Json): Json {
  if (Array.isArray(value)) return (value as readonly Json[]).map(withoutNulls);
  if (!isJsonObject(value)) return value;
  const kept = Object.entries(value).filter(([, field]) => field !== null && field !== undefined);
  return Object.fromEntries(kept.map(([key, field]) => [key, withoutNulls(field as Json)]));
}

const hardened: JsonObject = {
  containers: [{ name: 'web', securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } } }],
  securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
};

describe('a level', () => {
  test('admits the pod that was made for it, under every version', () => {
    for (let minor = 0; minor <= newestPodSecurityMinor; minor += 1) {
      expect(judgePodSecurity({ metadata: {}, spec: hardened }, 'restricted', minor)).toEqual([]);
      const plain = { metadata: {}, spec: { containers: [{ name: 'web' }] } };
      expect(judgePodSecurity(plain, 'baseline', minor)).toEqual([]);
    }
  });

  test('says nothing about a pod without containers', () => {
    for (const none of [undefined, null, []])
      expect(judgePodSecurity({ metadata: {}, spec: { containers: none } }, 'restricted', 37)).toEqual([]);
  });

  test('reports a matter once where a stricter control stands in for a baseline one', () => {
    const securityContext: JsonObject = {
      ...asObject(valueAt(hardened, ['containers', 0, 'securityContext'])),
      procMount: 'Unmasked',
      seccompProfile: { type: 'Unconfined' },
      capabilities: { drop: ['ALL'], add: ['NET_RAW'] },
    };
    const volumes = [{ name: 'data', hostPath: { path: '/' } }];
    const pod = { metadata: {}, spec: { ...hardened, volumes, containers: [{ name: 'web', securityContext }] } };
    const controlsAt = (level: PodSecurityLevel, minor: number) =>
      judgePodSecurity(pod, level, minor).map(({ control }) => control);
    const baseline = ['capabilities_baseline', 'hostPathVolumes', 'procMount', 'seccompProfile_baseline'];
    expect(controlsAt('baseline', 37)).toEqual(baseline);
    expect(controlsAt('restricted', 37)).toEqual([
      'restrictedVolumes',
      'seccompProfile_restricted',
      'capabilities_restricted',
      'procMount_restricted',
    ]);
    expect(controlsAt('restricted', 21)).toEqual([
      'capabilities_baseline',
      'procMount',
      'restrictedVolumes',
      'seccompProfile_restricted',
    ]);
    expect(controlsAt('restricted', 18)).toEqual(['capabilities_baseline', 'procMount', 'restrictedVolumes']);
  });

  test('drops a baseline control on Windows where its stand-in makes an exception', () => {
    const securityContext = { capabilities: { add: ['NET_RAW'] }, runAsNonRoot: true };
    const pod = { metadata: {}, spec: { os: { name: 'windows' }, containers: [{ name: 'web', securityContext }] } };
    expect(fails(pod, 'baseline', 25)).toBe(true);
    expect(fails(pod, 'restricted', 25)).toBe(false);
  });
});

describe('for every pod', () => {
  test('a version newer than the newest known one is judged as that one', () => {
    fc.assert(
      fc.property(anyPod, anyLevel, fc.integer({ min: newestPodSecurityMinor }), (pod, level, minor) => {
        expect(judgePodSecurity(pod, level, minor)).toEqual(judgePodSecurity(pod, level, newestPodSecurityMinor));
      }),
    );
  });

  test('every path leads to something that exists', () => {
    fc.assert(
      fc.property(anyPod, anyLevel, anyMinor, (pod, level, minor) => {
        for (const { path } of judgePodSecurity(pod, level, minor)) expect(valueAt({ ...pod }, path)).toBeDefined();
      }),
    );
  });

  test('a null says the same as a field that is left out', () => {
    fc.assert(
      fc.property(anyPod, anyLevel, anyMinor, (pod, level, minor) => {
        const plain = { ...pod, spec: asObject(withoutNulls(pod.spec)) };
        expect(messages(plain, level, minor)).toEqual(messages(pod, level, minor));
      }),
    );
  });

  test('the kind of a container makes no difference', () => {
    fc.assert(
      fc.property(anyPod, anyLevel, anyMinor, fc.constantFrom(...lists), (pod, level, minor, list) => {
        const none = Object.fromEntries(lists.map((name) => [name, []]));
        const all = lists.flatMap((name) => asArray(pod.spec[name]));
        const moved = { ...pod, spec: { ...pod.spec, ...none, [list]: all } };
        const found = (one: PodSecurityPod) =>
          new Set(judgePodSecurity(one, level, minor).map(({ control }) => control));
        expect(found(moved)).toEqual(found(pod));
      }),
    );
  });

  test('what baseline forbids is forbidden by restricted', () => {
    const standIns = new Map(controls.map(({ replaces, id }) => [replaces, id]));
    fc.assert(
      fc.property(anyPod.map(linux), anyMinor, (pod, minor) => {
        const restricted = judgePodSecurity(pod, 'restricted', minor);
        const places = restricted.map(({ control, path }) => `${control} ${path.join('.')}`);
        for (const violation of judgePodSecurity(pod, 'baseline', minor)) {
          const { control, path } = violation;
          const standIn = `${standIns.get(control) ?? control} ${path.join('.')}`;
          expect(places.includes(standIn) || places.includes(`${control} ${path.join('.')}`)).toBe(true);
        }
      }),
    );
  });

  test('taking away the security context of its containers never makes a restricted pod of it', () => {
    // Before 1.8 nothing had to be said by each container, and Windows pods say little of this at all.
    fc.assert(
      fc.property(anyPod.map(linux), fc.integer({ min: 8, max: newestPodSecurityMinor }), (pod, minor) => {
        fc.pre(fails(pod, 'restricted', minor));
        const bare = (list: Json | undefined) =>
          asArray(list).map((item) => ({ ...asObject(item), securityContext: undefined }));
        const stripped = Object.fromEntries(lists.map((name) => [name, bare(pod.spec[name])]));
        fc.pre(lists.some((name) => asArray(pod.spec[name]).length > 0));
        expect(fails({ ...pod, spec: { ...pod.spec, ...stripped } }, 'restricted', minor)).toBe(true);
      }),
    );
  });

  test('any JSON at all is judged without an exception', () => {
    const fields = ['containers', 'initContainers', 'volumes', 'securityContext', 'os', 'annotations', 'hostUsers'];
    const junk = fc.jsonValue({ maxDepth: 4 }) as fc.Arbitrary<Json>;
    const junkObject = fc.dictionary(fc.constantFrom(...fields), junk) as fc.Arbitrary<JsonObject>;
    fc.assert(
      fc.property(junkObject, junkObject, junk, anyLevel, (metadata, outer, inner, level) => {
        const containers = [inner, { name: inner, securityContext: inner, ports: inner, livenessProbe: inner }];
        const pod = { metadata, spec: { ...outer, containers, initContainers: inner } };
        for (const { path } of judgePodSecurity(pod, level, 37)) expect(valueAt(pod, path)).toBeDefined();
      }),
    );
  });
});
