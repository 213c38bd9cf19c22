// The parameters that generators of an ApplicationSet give, as far as files tell. Source: argoproj.io v1alpha1, ApplicationSet; argo-cd.readthedocs.io, Generators.

import { compileSelector } from '../../../kube/selectors.ts';
import { globToRegExp } from '../../../kube/variables/index.ts';
import { parseYaml } from '../../../kube/yaml/index.ts';
import {
  asArray,
  asObject,
  asString,
  isSameJson,
  type Json,
  type JsonObject,
  type KubeObject,
} from '../../../model/index.ts';
import { clusterParameters } from './cluster-parameters.ts';
import { fill, type Filling, flatten, isFilled, type Parameters } from './fill.ts';
import { pathParameters } from './path-parameters.ts';
import { readRepositoryFiles } from './repository-files.ts';

/** What stands around an ApplicationSet. */
export interface Around {
  /** Of the input: Secrets of clusters are among them. */
  readonly objects: readonly KubeObject[];
  readonly maxFileBytes: number;
}

export interface GeneratingFor extends Around {
  /** The file of the ApplicationSet. */
  readonly file: string;
  /** The absolute path of the chart that is asked for. */
  readonly chart: string;
  readonly filling: Filling;
}

type Given = Parameters[] | undefined;

/** What a generator may say beside its kind. */
const beside = new Set(['selector', 'template']);

export class Generating {
  /** Kinds of generators that files do not settle, with the reason where it is one of the input's. */
  readonly unknown = new Set<string>();
  private readonly given: GeneratingFor;

  constructor(given: GeneratingFor) {
    this.given = given;
  }

  async all(generators: Json | undefined): Promise<Parameters[]> {
    const all = await Promise.all(asArray(generators).map((each) => this.one(asObject(each))));
    return all.flatMap((each) => each ?? []);
  }

  /** Nothing where files do not tell. */
  private async one(generator: JsonObject): Promise<Given> {
    const kind = Object.keys(generator).find((key) => !beside.has(key));
    if (kind === undefined) return [];
    const said = asObject(generator[kind]);
    if (Object.keys(asObject(said['template'])).length > 0) return this.notKnown(`${kind} with a template of its own`);
    const given = await this.of(kind, said);
    if (generator['selector'] === undefined) return given;
    const selector = compileSelector(generator['selector']);
    return given?.filter((parameters) => selector.matches(flatten(parameters)));
  }

  private async of(kind: string, said: JsonObject): Promise<Given> {
    switch (kind) {
      case 'list':
        return this.list(said);
      case 'git':
        return said['directories'] === undefined ? this.files(said) : this.directories(said);
      case 'clusters':
        return this.clusters(said);
      case 'matrix':
        return this.matrix(said);
      case 'merge':
        return this.merge(said);
      default:
        return this.notKnown(kind);
    }
  }

  private notKnown(what: string): undefined {
    this.unknown.add(what);
    return undefined;
  }

  private list({ elements, elementsYaml }: JsonObject): Given {
    const own = asArray(elements).map(asObject);
    if (elementsYaml === undefined) return own;
    const text = fill(elementsYaml, {}, this.given.filling);
    const parsed = isFilled(text) ? parseYaml(asString(text) ?? '') : undefined;
    if (parsed?.ok !== true) return this.notKnown('list by elementsYaml');
    return [...own, ...asArray(parsed.parsed.values[0]).map(asObject)];
  }

  /** Which of the folders is the chart's own: the others make Applications of other charts. */
  private directories(git: JsonObject): Parameters[] {
    const rules = asArray(git['directories']).map(asObject);
    const segments = this.given.chart.split('/').filter((each) => each !== '');
    const matches = (path: string, isExcluding: boolean): boolean =>
      rules.some(
        (rule) => (rule['exclude'] === true) === isExcluding && matchesPath(asString(rule['path']) ?? '', path),
      );
    const paths = segments.map((_, index) => segments.slice(index).join('/'));
    const path = paths.find((each) => matches(each, false));
    if (path === undefined || matches(path, true)) return [];
    return [this.withValues(git, pathParameters(path, this.pathWish(git)))];
  }

  private async files(git: JsonObject): Promise<Given> {
    const { file, maxFileBytes, filling } = this.given;
    const patterns = asArray(git['files']).map((each) => asString(asObject(each)['path']) ?? '');
    const what = `git files ${patterns.join(', ')}`;
    const found = isFilled(git['files']) ? await readRepositoryFiles(git, file, maxFileBytes) : undefined;
    if (found === undefined) return this.notKnown(`${what}: none that can be read is here`);
    return found.flatMap(({ path, items }) => {
      const [filename = '', ...folders] = path.split('/').reverse();
      const folder = folders.reverse().join('/') || '.';
      const where = pathParameters(folder, { ...this.pathWish(git), filename });
      return items.map((item) => this.withValues(git, { ...(filling.usesGo ? item : flatten(item)), ...where }));
    });
  }

  private clusters(said: JsonObject): Given {
    if (said['flatList'] === true) return this.notKnown('clusters as a flat list');
    const found = clusterParameters(said, this.given.objects, this.given.filling.usesGo);
    if (found === undefined) return this.notKnown('clusters: no Secret of one that is chosen is here');
    return found.map((parameters) => this.withValues(said, parameters));
  }

  private pathWish({ pathParamPrefix }: JsonObject) {
    return { usesGo: this.given.filling.usesGo, prefix: asString(pathParamPrefix) ?? '' };
  }

  private withValues({ values }: JsonObject, parameters: Parameters): Parameters {
    if (values === undefined) return parameters;
    const { filling } = this.given;
    const filled = asObject(fill(asObject(values), parameters, filling));
    if (filling.usesGo) return { ...parameters, values: filled };
    const named = Object.entries(filled).map(([key, value]): [string, Json] => [`values.${key}`, value ?? null]);
    return { ...parameters, ...Object.fromEntries(named) };
  }

  /** Each of the first with each of the second, which may be written with parameters of the first. */
  private async matrix({ generators }: JsonObject): Promise<Given> {
    const [first, second, ...more] = asArray(generators);
    const firsts = first === undefined || more.length > 0 ? undefined : await this.one(asObject(first));
    if (firsts === undefined || second === undefined) return undefined;
    // What it says by its own parameters is filled in later.
    const filling = { ...this.given.filling, tell: () => undefined };
    const all = await Promise.all(
      firsts.map(async (each) => {
        const others = await this.one(asObject(fill(second, each, filling)));
        return (others ?? []).map((other) => ({ ...each, ...other }));
      }),
    );
    return all.flat();
  }

  /** The first, with what later ones say of those with the same keys. */
  private async merge({ generators, mergeKeys }: JsonObject): Promise<Given> {
    const lists = await Promise.all(asArray(generators).map((each) => this.one(asObject(each))));
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
