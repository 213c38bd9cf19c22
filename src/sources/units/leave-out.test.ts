import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ReadUnit } from '../../model/index.ts';
import { readManifest } from '../manifests/read-manifest.ts';
import { leaveOutDoubles, type UnitPart } from './leave-out.ts';

type Kind = ReadUnit['kind'];

function unit(kind: Kind, name: string, objects: readonly string[]): UnitPart {
  const text = objects.map((each) => `---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${each}}\n`).join('');
  const source = { file: `${name}/all.yaml`, text, rendered: kind !== 'manifest' };
  const part = readManifest(source, { origin: { kind, unit: name }, namespace: 'default' });
  return { kind, unit: name, prefixes: kind === 'helm' ? ['rel-'] : [], part };
}

function keptNames(units: readonly UnitPart[]): string[] {
  return leaveOutDoubles(units).parts.flatMap(({ objects }) => objects.map(({ name }) => name));
}

describe('leaving out doubles', () => {
  it('sees the same app through a release name', () => {
    const units = [unit('helm', 'chart', ['rel-a', 'rel-b']), unit('manifest', 'k8s', ['a', 'b'])];
    expect(keptNames(units)).toEqual(['a', 'b']);
    expect(leaveOutDoubles(units).skipped).toEqual([
      { file: 'chart', what: 'the same app as the manifests in k8s; give chart to judge it instead' },
    ]);
  });

  it('counts what different apps share once, and says where it is taken from', () => {
    const units = [unit('manifest', 'k8s', ['shared', 'a', 'b']), unit('kustomize', 'kz', ['shared', 'c', 'd'])];
    expect(keptNames(units)).toEqual(['shared', 'a', 'b', 'c', 'd']);
    expect(leaveOutDoubles(units).skipped).toEqual([
      { file: 'kz/all.yaml', what: 'ConfigMap "shared": taken from k8s/all.yaml' },
    ]);
  });

  it('prefers the complete packaging to a fragment', () => {
    const units = [unit('manifest', 'k8s', ['a']), unit('helm', 'chart', ['rel-a', 'rel-b', 'rel-c'])];
    expect(keptNames(units)).toEqual(['rel-a', 'rel-b', 'rel-c']);
    expect(leaveOutDoubles(units).skipped[0]).toEqual({
      file: 'k8s',
      what: 'a part of the chart chart; give k8s to judge it instead',
    });
  });

  it('never counts an object twice, and loses none whose unit stays', () => {
    const names = fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'), { maxLength: 5 });
    const kind = fc.constantFrom<Kind>('manifest', 'helm', 'kustomize');
    const units = fc.array(fc.tuple(kind, names), { maxLength: 5 });
    fc.assert(
      fc.property(units, (given) => {
        const all = given.map(([each, objects], index) => unit(each, `unit${index}`, objects));
        const { parts, units: told } = leaveOutDoubles(all);
        const kept = parts.flatMap(({ objects }) => objects.map(({ name }) => name));
        expect(new Set(kept).size).toBe(kept.length);
        expect(told).toHaveLength(all.length);
        for (const [index, { leftOut }] of told.entries()) {
          const name = told[index]?.unit;
          const own = all.find((each) => each.unit === name)?.part.objects ?? [];
          if (leftOut === undefined) for (const object of own) expect(kept).toContain(object.name);
        }
      }),
    );
  });
});
