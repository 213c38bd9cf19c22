// The Applications that an ApplicationSet of Argo CD makes, as far as files tell. Source: argoproj.io v1alpha1, ApplicationSet; argo-cd.readthedocs.io, Generators.

import { globToRegExp } from '../../kube/variables/index.ts';
import {
  asArray,
  asObject,
  asString,
  isJsonObject,
  isSameJson,
  type Json,
  type JsonObject,
  type KubeObject,
} from '../../model/index.ts';

/** What one Application is made with. */
type Parameters = JsonObject;

export interface MadeApplications {
  readonly applications: readonly KubeObject[];
  /** Kinds of generators, and templates, that files do not settle. */
  readonly unknown: readonly string[];
}

class Generating {
  readonly unknown = new Set<string>();
  private readonly chart: string;
  private readonly usesGo: boolean;

  /** `chart`: the absolute path of the chart that is asked for. */
  constructor(chart: string, usesGo: boolean) {
    this.chart = chart;
    this.usesGo = usesGo;
  }

  all(generators: Json | undefined): Parameters[] {
    return asArray(generators).flatMap((each) => this.one(asObject(each)) ?? []);
  }

  /** `undefined` where files do not tell. */
  private one(generator: JsonObject): Parameters[] | undefined {
    const { list, git, matrix, merge } = generator;
    if (isJsonObject(list) && list['elementsYaml'] === undefined) return asArray(list['elements']).map(asObject);
    if (isJsonObject(git) && git['directories'] !== undefined) return this.directories(git);
    if (isJsonObject(matrix)) return this.matrix(matrix);
    if (isJsonObject(merge)) return this.merge(merge);
    for (const kind of Object.keys(generator)) if (kind !== 'selector') this.unknown.add(kind);
    return undefined;
  }

  /** Which of the folders is the chart's own: the others make Applications of other charts. */
  private directories(git: JsonObject): Parameters[] {
    const rules = asArray(git['directories']).map(asObject);
    const segments = this.chart.split('/').filter((each) => each !== '');
    const matches = (path: string, isExcluding: boolean): boolean =>
      rules.some(
        (rule) => (rule['exclude'] === true) === isExcluding && matchesPath(asString(rule['path']) ?? '', path),
      );
    const paths = segments.map((_, index) => segments.slice(index).join('/'));
    const path = paths.find((each) => matches(each, false));
    if (path === undefined || matches(path, true)) return [];
    return [{ ...this.ofFolder(path), ...this.valuesOf(git, path) }];
  }

  private ofFolder(path: string): Parameters {
    const segments = path.split('/');
    const basename = segments.at(-1) ?? '';
    const basenameNormalized = basename.replaceAll(/[^\w.-]|_/g, '-').toLowerCase();
    if (this.usesGo) return { path: { path, basename, basenameNormalized, segments } };
    const numbered = segments.map((segment, index): [string, string] => [`path[${index}]`, segment]);
    return {
      path,
      'path.basename': basename,
      'path.basenameNormalized': basenameNormalized,
      ...Object.fromEntries(numbered),
    };
  }

  private valuesOf({ values }: JsonObject, path: string): Parameters {
    if (values === undefined) return {};
    const filled = asObject(fill(asObject(values), this.ofFolder(path), this.usesGo));
    return this.usesGo
      ? { values: filled }
      : Object.fromEntries(Object.entries(filled).map(([key, value]) => [`values.${key}`, value ?? null]));
  }

  /** Each of the first with each of the second, which may be written with parameters of the first. */
  private matrix({ generators }: JsonObject): Parameters[] | undefined {
    const [first, second, ...more] = asArray(generators);
    const firsts = first === undefined || more.length > 0 ? undefined : this.one(asObject(first));
    if (firsts === undefined || second === undefined) return undefined;
    return firsts.flatMap((each) =>
      (this.one(asObject(fill(second, each, this.usesGo))) ?? []).map((other) => ({ ...each, ...other })),
    );
  }

  /** The first, with what later ones say of those with the same keys. */
  private merge({ generators, mergeKeys }: JsonObject): Parameters[] | undefined {
    const lists = asArray(generators).map((each) => this.one(asObject(each)));
    const [base, ...over] = lists;
    if (base === undefined || over.includes(undefined)) return undefined;
    const keys = asArray(mergeKeys).flatMap((key) => asString(key) ?? []);
    return base.map((own) => {
      const same = over
        .flatMap((list) => list ?? [])
        .filter((each) => keys.every((key) => isSameJson(each[key] ?? null, own[key] ?? null)));
      return Object.assign({}, own, ...same) as Parameters;
    });
  }
}

function matchesPath(pattern: string, path: string): boolean {
  const [patterns, names] = [pattern.split('/'), path.split('/')];
  if (patterns.includes('**')) return globToRegExp(pattern)?.test(path) === true;
  return (
    patterns.length === names.length &&
    patterns.every((each, index) => globToRegExp(each)?.test(names[index] ?? '') === true)
  );
}

function textOf(value: Json | undefined): string | undefined {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? String(value)
    : undefined;
}

/** `.path.segments`, or `index .path.segments 0`; functions are not carried out. */
function goValue(expression: string, parameters: Parameters): string | undefined {
  const [, list, number] = /^index\s+(\S+)\s+(\d+)$/.exec(expression) ?? [];
  const path = /^(?:\.\w+)+$/.exec(list ?? expression)?.[0];
  if (path === undefined) return undefined;
  const steps = [...path.slice(1).split('.'), ...(number === undefined ? [] : [Number(number)])];
  const found = steps.reduce<Json | undefined>(
    (value, step) => (typeof step === 'number' ? asArray(value)[step] : asObject(value)[step]),
    parameters,
  );
  return textOf(found);
}

/** Expressions that nothing is known of stay. */
function fill(value: Json, parameters: Parameters, usesGo: boolean): Json {
  if (typeof value === 'string')
    return value.replaceAll(/\{\{-?\s*(.*?)\s*-?\}\}/g, (whole, expression: string) => {
      const found = usesGo ? goValue(expression, parameters) : textOf(parameters[expression]);
      return found ?? whole;
    });
  if (Array.isArray(value)) return (value as readonly Json[]).map((each) => fill(each, parameters, usesGo));
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, fill(each ?? null, parameters, usesGo)]));
}

/** Where the cluster is does not matter to a chart. */
function isSettled(raw: JsonObject): boolean {
  const { source, sources, destination } = asObject(raw['spec']);
  const { namespace } = asObject(destination);
  return !JSON.stringify([raw['metadata'], source, sources, namespace]).includes('{{');
}

/** Those that may deploy the chart at the absolute path `chart`. */
export function makeApplications(set: KubeObject, chart: string): MadeApplications {
  const { generators, template, goTemplate, templatePatch } = asObject(set.raw['spec']);
  const usesGo = goTemplate === true;
  const generating = new Generating(chart, usesGo);
  const all = generating.all(generators).map((parameters) => asObject(fill(asObject(template), parameters, usesGo)));
  const settled = templatePatch === undefined ? all.filter(isSettled) : [];
  const applications = settled.map((raw) => {
    const { name } = asObject(raw['metadata']);
    return {
      ...set,
      kind: 'Application',
      name: asString(name) ?? set.name,
      raw: { ...raw, apiVersion: set.apiVersion, kind: 'Application' },
    };
  });
  const lacking = settled.length < all.length ? ['its template'] : [];
  return { applications, unknown: [...generating.unknown, ...lacking] };
}
