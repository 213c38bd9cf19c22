// Puts the variables of Flux into the objects that it deploys, where the objects and the Kustomization that deploys them are both in the input.

import { resolve } from 'node:path';
import { toObject } from '../../kube/manifests/parse-manifests.ts';
import { substituteObject } from '../../kube/variables/index.ts';
import type { KubeObject, Skipped, Variables } from '../../model/index.ts';
import { folderOf, isBelow } from '../files/file-names.ts';
import { environmentRank } from '../units/environment-rank.ts';
import type { UnitPart } from '../units/leave-out.ts';
import { isFluxKustomization, type PostBuild, readPostBuild } from './post-build.ts';

/** The folder that the path of a Kustomization leads to on the way to `folder`; it and the Kustomization are in one repository. */
function deployedFolder(folder: string, { steps, object }: PostBuild): string | undefined {
  const path = `/${steps.join('/')}/`;
  const at = steps.length === 0 ? -1 : `${folder}/`.indexOf(path);
  if (at === -1) return undefined;
  const isSameRepository = isBelow(resolve(object.source.file), folder.slice(0, at) || '/');
  return isSameRepository ? folder.slice(0, at + path.length - 1) : undefined;
}

interface Deployer {
  readonly build: PostBuild;
  readonly folder: string;
}

function rankOf({ build }: Deployer): number {
  return environmentRank(folderOf(build.object.source.file));
}

/** The one that leads deepest; of several to one folder the one nearest to production. */
function findDeployers(folder: string, builds: readonly PostBuild[]): Deployer[] {
  const all = builds.flatMap((build) => {
    const deployed = deployedFolder(folder, build);
    return deployed === undefined ? [] : [{ build, folder: deployed }];
  });
  return all.toSorted((a, b) => b.folder.length - a.folder.length || rankOf(a) - rankOf(b));
}

/** The object as Flux makes it. */
export function withVariables(object: KubeObject, variables: Variables, namespace: string): KubeObject {
  const { raw, source } = object;
  const origin = { ...source.origin, variables };
  return { ...object, ...toObject(substituteObject(raw, variables), { ...source, origin }, namespace) };
}

/** Where Flux sees the object: in the folder of the kustomization, or of its own file. */
function folderOfObject({ source: { origin, file } }: KubeObject): string {
  return resolve(origin.kind === 'kustomize' ? origin.unit : folderOf(file));
}

function nameOf({ object }: PostBuild): string {
  return `Kustomization "${object.name}"`;
}

class VariablePutter {
  private readonly told = new Map<string, Skipped>();
  private readonly byFolder = new Map<string, PostBuild | undefined>();
  private readonly builds: readonly PostBuild[];
  private readonly namespace: string;

  constructor(builds: readonly PostBuild[], namespace: string) {
    this.builds = builds;
    this.namespace = namespace;
  }

  put(object: KubeObject): KubeObject {
    const build = this.builderOf(folderOfObject(object));
    // What Flux itself reads is not part of what it builds there.
    if (build === undefined || object === build.object) return object;
    return withVariables(object, build.variables, this.namespace);
  }

  notes(): Skipped[] {
    return [...this.told.values()];
  }

  private builderOf(folder: string): PostBuild | undefined {
    if (!this.byFolder.has(folder)) this.byFolder.set(folder, this.choose(findDeployers(folder, this.builds)));
    return this.byFolder.get(folder);
  }

  private choose([first, ...others]: readonly Deployer[]): PostBuild | undefined {
    if (first === undefined) return undefined;
    const { build, folder } = first;
    for (const each of others.filter((other) => other.folder === folder))
      this.tell(
        each.build,
        `${nameOf(each.build)} puts other variables in; the folder is read with those of ${nameOf(build)} in ${build.object.source.file}`,
      );
    if (build.missing.length > 0)
      this.tell(
        build,
        `${nameOf(build)} takes variables from what is not in the files, or not to be shown; these stay as they are written: ${build.missing.join(', ')}`,
      );
    return build;
  }

  private tell({ object }: PostBuild, what: string): void {
    this.told.set(`${object.source.file} ${what}`, { file: object.source.file, what });
  }
}

export interface WithVariables {
  readonly units: readonly UnitPart[];
  readonly notes: readonly Skipped[];
}

export function putVariables(units: readonly UnitPart[], namespace: string): WithVariables {
  const objects = units.flatMap(({ part }) => part.objects);
  const builds = objects.filter(isFluxKustomization).flatMap((each) => readPostBuild(each, objects) ?? []);
  if (builds.length === 0) return { units, notes: [] };
  const putter = new VariablePutter(builds, namespace);
  const put = units.map((unit) => ({
    ...unit,
    part: { ...unit.part, objects: unit.part.objects.map((object) => putter.put(object)) },
  }));
  return { units: put, notes: putter.notes() };
}
