// A Go template as texts, actions and conditions; other blocks are not known. Source: pkg.go.dev/text/template, Actions.

import { NotKnown } from './not-known.ts';
import { parsePipeline, type Pipeline } from './parse-pipeline.ts';

export type GoNode =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'value'; readonly pipeline: Pipeline }
  | { readonly kind: 'if'; readonly branches: readonly Branch[] };

export interface Branch {
  /** Nothing for `else`. */
  readonly condition: Pipeline | undefined;
  readonly nodes: readonly GoNode[];
}

interface OpenBranch {
  readonly condition: Pipeline | undefined;
  readonly nodes: GoNode[];
}

const action =
  /\{\{(?<left>-(?=\s))?(?<inside>(?:"(?:[^"\\\n]|\\.)*"|`[^`]*`|(?!\}\})[^"`])*?)(?<right>(?<=\s)-)?\}\}/g;

interface Piece {
  readonly text: string;
  readonly isAction: boolean;
}

/** Texts and the insides of actions in turn; `{{-` takes the spaces before it, `-}}` those behind it. */
function piecesOf(template: string): Piece[] {
  const pieces: Piece[] = [];
  let [end, trims] = [0, false];
  const addText = (text: string): void => {
    if (text.includes('{{')) throw new NotKnown('an action without its end');
    pieces.push({ text: trims ? text.trimStart() : text, isAction: false });
  };
  for (const { 0: whole, index, groups = {} } of template.matchAll(action)) {
    const before = template.slice(end, index);
    addText(groups['left'] === undefined ? before : before.trimEnd());
    pieces.push({ text: (groups['inside'] ?? '').trim(), isAction: true });
    end = index + whole.length;
    trims = groups['right'] !== undefined;
  }
  addText(template.slice(end));
  return pieces;
}

const blocks = /^(?:range|with|define|block|template|break|continue)\b/;

class Building {
  readonly root: GoNode[] = [];
  /** Branches of the conditions that are open, outermost first. */
  private readonly open: OpenBranch[][] = [];

  add({ text, isAction }: Piece): void {
    if (!isAction) this.nodes().push({ kind: 'text', text });
    else if (!/^\/\*[\s\S]*\*\/$/.test(text)) this.action(text);
  }

  requireClosed(): void {
    if (this.open.length > 0) throw new NotKnown('a condition without its end');
  }

  private nodes(): GoNode[] {
    return this.open.at(-1)?.at(-1)?.nodes ?? this.root;
  }

  private action(text: string): void {
    const [, condition] = /^if\s+([\s\S]+)$/.exec(text) ?? [];
    const [otherwise, other] = /^else(?:\s+if\s+([\s\S]+))?$/.exec(text) ?? [];
    const [block] = blocks.exec(text) ?? [];
    if (block !== undefined) throw new NotKnown(`"${block}"`);
    if (/:?=/.test(text.replaceAll(/"(?:[^"\\]|\\.)*"|`[^`]*`/g, ''))) throw new NotKnown('a variable');
    if (condition !== undefined) this.open.push([{ condition: parsePipeline(condition), nodes: [] }]);
    else if (otherwise !== undefined) this.branch(other);
    else if (text === 'end') this.close();
    else this.nodes().push({ kind: 'value', pipeline: parsePipeline(text) });
  }

  private branch(condition: string | undefined): void {
    const branches = this.open.at(-1);
    if (branches === undefined) throw new NotKnown('an "else" without its "if"');
    branches.push({ condition: condition === undefined ? undefined : parsePipeline(condition), nodes: [] });
  }

  private close(): void {
    const branches = this.open.pop();
    if (branches === undefined) throw new NotKnown('an "end" without its "if"');
    this.nodes().push({ kind: 'if', branches });
  }
}

/** Throws `NotKnown`. */
export function parseGoTemplate(template: string): readonly GoNode[] {
  const building = new Building();
  for (const piece of piecesOf(template)) building.add(piece);
  building.requireClosed();
  return building.root;
}
