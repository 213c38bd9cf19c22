// Places of a chart's objects: lines of its templates, and the keys of the values that decide them.

import { locateValue, readTemplateTree, type TemplateNode } from '../kube/templates/index.ts';
import type { KubeObject, Path, Position, SourceText } from '../model/index.ts';

/** The parent chart's key for a subchart's own: `redis.auth.enabled`; `global` is shared by all. */
function keyFromParent(key: string, subchart: string | undefined): string {
  if (subchart === undefined || /^global(?:\.|$)/.test(key)) return key;
  const names = subchart.split('/').filter((part, index) => index % 2 === 1 && part !== '');
  return [...names, key].join('.');
}

export class TemplatePositions {
  private readonly trees = new Map<number, readonly TemplateNode[]>();

  /** The template's line for the field; `undefined` where the template does not show the object. */
  of(object: KubeObject, path: Path, { file, template }: SourceText): Position | undefined {
    if (template === undefined) return undefined;
    const { text, within, origin } = object.source;
    let tree = this.trees.get(text);
    if (tree === undefined) {
      tree = readTemplateTree(template);
      this.trees.set(text, tree);
    }
    const found = within.length === 0 ? locateValue(tree, object.raw, path) : undefined;
    if (found === undefined) return undefined;
    const { line, column, valuesKey } = found;
    if (valuesKey === undefined) return { file, line, column };
    return { file, line, column, valuesKey: keyFromParent(valuesKey, origin.subchart) };
  }
}
