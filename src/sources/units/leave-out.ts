// Counts each object once where several units hold the same app, and says what was left out and why (ADR 0003). Pure.

import { isSameJson, type KubeObject, type ReadUnit, type Redefinition, type Skipped } from '../../model/index.ts';
import { folderOf } from '../files/file-names.ts';
import { type Part, withoutObjects } from '../part.ts';
import { environmentRank } from './environment-rank.ts';

/** A unit with what it gave. */
export interface UnitPart {
  readonly kind: ReadUnit['kind'];
  /** Folder or archive; for plain manifests what the user gave. */
  readonly unit: string;
  /** What the unit's rendering put before its names: the release name, a name prefix. */
  readonly prefixes: readonly string[];
  readonly part: Part;
}

export interface KeptParts {
  readonly parts: readonly Part[];
  readonly units: readonly ReadUnit[];
  readonly skipped: readonly Skipped[];
  readonly redefinitions: readonly Redefinition[];
}

/** What the API server tells objects apart by; the version is not part of it. */
function identityOf({ group, kind, namespace, name }: KubeObject): string {
  return `${group}/${kind}/${namespace}/${name}`;
}

/** Names under which the same thing may stand in another unit: namespaces and prefixes differ between packagings. */
function likenesses(object: KubeObject, prefixes: readonly string[]): string[] {
  const names = [
    object.name,
    ...prefixes.filter((each) => object.name.startsWith(each)).map((each) => object.name.slice(each.length)),
  ];
  return names.filter((name) => name !== '').map((name) => `${object.group}/${object.kind}/${name}`);
}

function countShared(a: UnitPart, b: UnitPart): number {
  const known = new Set(b.part.objects.flatMap((object) => likenesses(object, b.prefixes)));
  return a.part.objects.filter((object) => likenesses(object, a.prefixes).some((each) => known.has(each))).length;
}

/** Two units package the same app where at least half of the smaller one's objects are in the other. */
function isSameApp(a: UnitPart, b: UnitPart): boolean {
  const [small, large] = a.part.objects.length <= b.part.objects.length ? [a, b] : [b, a];
  return small.part.objects.length > 0 && countShared(small, large) * 2 >= small.part.objects.length;
}

/** A unit with less than half of the other's objects is a fragment of the app. */
function isFragmentOf(a: UnitPart, b: UnitPart): boolean {
  return a.part.objects.length * 2 < b.part.objects.length;
}

/** True where `unit` would be left out because `other`, which comes before it, is there. */
export function givesWayTo(unit: UnitPart, other: UnitPart): boolean {
  return isSameApp(other, unit) && !isFragmentOf(other, unit);
}

function order(units: readonly UnitPart[]): UnitPart[] {
  const rank = { manifest: 0, kustomize: 1, helm: 2 } as const;
  return [...units].sort((a, b) => rank[a.kind] - rank[b.kind]);
}

const names = { manifest: 'the manifests in', kustomize: 'the kustomization', helm: 'the chart' } as const;

interface Choice {
  readonly kept: UnitPart[];
  readonly leftOut: Map<UnitPart, string>;
}

function chooseUnits(units: readonly UnitPart[]): Choice {
  const kept: UnitPart[] = [];
  const leftOut = new Map<UnitPart, string>();
  for (const unit of order(units)) {
    const other = kept.find((each) => isSameApp(each, unit));
    if (other === undefined) kept.push(unit);
    else {
      const fragment = !givesWayTo(unit, other);
      const [winner, loser] = fragment ? [unit, other] : [other, unit];
      if (fragment) kept.splice(kept.indexOf(other), 1, unit);
      const verb = fragment ? 'a part of' : 'the same app as';
      leftOut.set(loser, `${verb} ${names[winner.kind]} ${winner.unit}; give ${loser.unit} to judge it instead`);
    }
  }
  return { kept, leftOut };
}

/** Where the same object stands more than once, the one nearest to production stays, then the one kubectl would apply last. */
function prefer(a: KubeObject, b: KubeObject): KubeObject {
  return environmentRank(folderOf(a.source.file)) < environmentRank(folderOf(b.source.file)) ? a : b;
}

interface Standing {
  readonly object: KubeObject;
  readonly kind: ReadUnit['kind'];
}

interface Doubles {
  readonly leaveOut: ReadonlySet<KubeObject>;
  readonly redefinitions: readonly Redefinition[];
  readonly skipped: readonly Skipped[];
}

/** Across units the first stays; among manifests it is as kubectl would leave them. */
function choose(before: Standing, next: Standing): Standing {
  if (before.kind !== 'manifest' || next.kind !== 'manifest') return before;
  return prefer(before.object, next.object) === before.object ? before : next;
}

function describe(file: string, objects: readonly KubeObject[], others: readonly string[]): Skipped {
  const [first] = objects;
  const [other] = others;
  const more = objects.length > 1 ? ` and ${objects.length - 1} more` : '';
  const elsewhere = others.length > 1 ? ` and ${others.length - 1} more` : '';
  const place = other === file ? 'given again further down in the file' : `taken from ${other ?? ''}${elsewhere}`;
  return { file, what: `${first?.kind ?? ''} "${first?.name ?? ''}"${more}: ${place}` };
}

function describeDoubles(gone: readonly KubeObject[], standing: ReadonlyMap<string, Standing>): Skipped[] {
  const byFile = new Map<string, KubeObject[]>();
  for (const object of gone) {
    const objects = byFile.get(object.source.file);
    if (objects === undefined) byFile.set(object.source.file, [object]);
    else objects.push(object);
  }
  return [...byFile].map(([file, objects]) => {
    const others = objects.map((object) => standing.get(identityOf(object))?.object.source.file ?? file);
    return describe(file, objects, [...new Set(others)]);
  });
}

/** Definitions among plain manifests that say something else than the one that counts. */
function findRedefinitions(gone: readonly KubeObject[], standing: ReadonlyMap<string, Standing>): Redefinition[] {
  return gone.flatMap((object) => {
    const kept = standing.get(identityOf(object));
    if (
      object.source.origin.kind !== 'manifest' ||
      kept?.kind !== 'manifest' ||
      isSameJson(kept.object.raw, object.raw)
    )
      return [];
    const { group, kind, namespace, name, source } = object;
    return [{ group, kind, namespace, name, position: { file: source.file, line: source.line, column: 1 } }];
  });
}

function findDoubles(units: readonly UnitPart[]): Doubles {
  const standing = new Map<string, Standing>();
  const gone: KubeObject[] = [];
  for (const { kind, part } of units)
    for (const object of part.objects) {
      // An object without a name of its own gets a new one each time it is created.
      if (object.name === '' || object.name.endsWith('*')) continue;
      const key = identityOf(object);
      const before = standing.get(key);
      const stays = before === undefined ? { object, kind } : choose(before, { object, kind });
      if (before !== undefined) gone.push(stays === before ? object : before.object);
      standing.set(key, stays);
    }
  return {
    leaveOut: new Set(gone),
    skipped: describeDoubles(gone, standing),
    redefinitions: findRedefinitions(gone, standing),
  };
}

function leaveOut(part: Part, objects: ReadonlySet<KubeObject>): Part {
  const indexes = part.objects.flatMap((object, index) => (objects.has(object) ? [index] : []));
  return withoutObjects(part, new Set(indexes));
}

/** The units without doubles. What cannot be read stays told, also of a unit that is left out. */
export function leaveOutDoubles(units: readonly UnitPart[]): KeptParts {
  const { kept, leftOut } = chooseUnits(units);
  const doubles = findDoubles(kept);
  const parts: Part[] = [];
  const skipped: Skipped[] = [];
  const told: ReadUnit[] = [];
  for (const unit of order(units)) {
    const reason = leftOut.get(unit);
    if (reason === undefined) {
      const part = leaveOut(unit.part, doubles.leaveOut);
      parts.push(part);
      told.push({ kind: unit.kind, unit: unit.unit, objects: part.objects.length });
    } else {
      parts.push({ ...unit.part, objects: [], duplicateKeys: [], texts: [] });
      skipped.push({ file: unit.unit, what: reason });
      told.push({ kind: unit.kind, unit: unit.unit, objects: 0, leftOut: reason });
    }
  }
  return { parts, units: told, skipped: [...skipped, ...doubles.skipped], redefinitions: doubles.redefinitions };
}
