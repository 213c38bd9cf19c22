// Reads a Helm template as a tree of keys and list items by indentation, without rendering it.

import { type Action, type Block, commonKey, findActions, isControl, maskActions, Scope } from './template-actions.ts';

export interface TemplateNode {
  /** Key as written; `undefined` for a list item and for the root. */
  readonly key: RegExp | undefined;
  readonly isItem: boolean;
  readonly indent: number;
  readonly line: number;
  readonly column: number;
  /** What stands after the key on its line, as a pattern that a rendered scalar may match. */
  readonly value: RegExp | undefined;
  /** Values key that the line reads, and whether it prints a whole tree (`toYaml`). */
  readonly reads: string | undefined;
  readonly blocks: readonly Block[];
  readonly children: TemplateNode[];
  /** Actions below this node that print keys or items no line of the template shows. */
  readonly fillers: Filler[];
}

/** `{{ toYaml .Values.resources | nindent 12 }}` and the like. */
export interface Filler {
  readonly line: number;
  readonly column: number;
  readonly reads: string | undefined;
  readonly blocks: readonly Block[];
}

const keyPattern = /^((?:- +)*)("[^"]*"|'[^']*'|[^\s:#"'{[-][^:#]*?|-[^\s:#][^:#]*?)[ \t]*:(?:[ \t]+(.*))?$/;

/** A text with masked actions as a pattern: what an action printed may be anything. */
function toPattern(masked: string): RegExp {
  const unquoted = masked.trim().replace(/^(["'])(.*)\1$/, '$2');
  const parts = unquoted.split(/\uE000+/).map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('[\\s\\S]*')}$`);
}

function newNode(fields: Partial<TemplateNode>): TemplateNode {
  return {
    key: undefined,
    isItem: false,
    indent: -1,
    line: 1,
    column: 1,
    value: undefined,
    reads: undefined,
    blocks: [],
    children: [],
    fillers: [],
    ...fields,
  };
}

interface Line {
  readonly number: number;
  readonly start: number;
  readonly masked: string;
  readonly actions: readonly Action[];
}

class TreeReader {
  readonly documents: TemplateNode[] = [newNode({})];
  private stack: TemplateNode[] = [...this.documents];
  private readonly scope = new Scope();

  read(line: Line): void {
    const { masked } = line;
    if (/^---(?:\s|$)/.test(masked)) this.startDocument(line.number);
    const indent = masked.length - masked.trimStart().length;
    const content = masked.slice(indent);
    const printed = content.replaceAll(/\uE000+/g, '').trim();
    if (content === '' || content.startsWith('#') || printed === '---') this.enterAll(line.actions);
    else if (printed === '') this.readActions(line, indent);
    else this.readContent(line);
  }

  private startDocument(line: number): void {
    const root = newNode({ line });
    this.documents.push(root);
    this.stack = [root];
  }

  private enterAll(actions: readonly Action[]): void {
    for (const action of actions) this.scope.enter(action);
  }

  private readActions(line: Line, indent: number): void {
    for (const action of line.actions) {
      if (!isControl(action.body)) this.addFiller(line, action, indent);
      this.scope.enter(action);
    }
  }

  /** `nindent` says where the output lands; the place in the template's own line is only the second best hint. */
  private addFiller(line: Line, action: Action, indent: number): void {
    const told = /\bn?indent\s+(\d+)/.exec(action.body)?.[1];
    const target = told === undefined ? indent : Number(told);
    const parent = this.stack.findLast(
      (node) => node.indent < target || (node.key !== undefined && node.indent === target),
    );
    const column = action.start - line.start + 1;
    const reads = commonKey(this.scope.reads(action.body));
    parent?.fillers.push({ line: line.number, column: Math.max(1, column), reads, blocks: this.scope.blocks() });
  }

  private readContent(line: Line): void {
    const visible = line.masked.replace(/^\uE000+/, (lead) => ' '.repeat(lead.length));
    const indent = visible.length - visible.trimStart().length;
    const before = line.actions.filter(({ end }) => end <= line.start + indent);
    this.enterAll(before);
    let column = indent;
    let rest = visible.slice(indent).trimEnd();
    while (/^-(?:\s|$)/.test(rest)) {
      this.addItem(line, column);
      const dash = /^-\s*/.exec(rest)?.[0].length ?? 1;
      column += dash;
      rest = rest.slice(dash);
    }
    const actions = line.actions.filter((action) => !before.includes(action));
    const match = keyPattern.exec(rest);
    if (match !== null) this.addKey(line, column, match, actions);
    else this.fillItem(line, rest, actions);
    this.enterAll(actions);
  }

  private addItem(line: Line, indent: number): void {
    while (this.top().indent > indent || (this.top().indent === indent && this.top().isItem)) this.stack.pop();
    this.push(newNode({ isItem: true, indent, line: line.number, column: indent + 1, blocks: this.scope.blocks() }));
  }

  private addKey(line: Line, indent: number, match: RegExpExecArray, actions: readonly Action[]): void {
    while (this.top().indent >= indent) this.stack.pop();
    const value = match[3]?.trim() ?? '';
    this.push(
      newNode({
        key: toPattern(match[2] ?? ''),
        indent,
        line: line.number,
        column: indent + 1,
        value: value === '' ? undefined : toPattern(value),
        reads: this.readsOf(actions),
        blocks: this.scope.blocks(),
      }),
    );
  }

  /** A scalar item: `- {{ .Values.host }}`. */
  private fillItem(line: Line, rest: string, actions: readonly Action[]): void {
    const top = this.top();
    if (!top.isItem || top.line !== line.number || rest === '') return;
    this.stack.pop();
    const parent = this.top();
    parent.children.splice(parent.children.indexOf(top), 1, {
      ...top,
      value: toPattern(rest),
      reads: this.readsOf(actions),
    });
    const [added] = parent.children.slice(-1);
    if (added !== undefined) this.stack.push(added);
  }

  private readsOf(actions: readonly Action[]): string | undefined {
    return commonKey([
      ...new Set(actions.filter(({ body }) => !isControl(body)).flatMap(({ body }) => this.scope.reads(body))),
    ]);
  }

  private top(): TemplateNode {
    return this.stack.at(-1) ?? newNode({});
  }

  private push(node: TemplateNode): void {
    this.top().children.push(node);
    this.stack.push(node);
  }
}

/** One root for each document of the template. */
export function readTemplateTree(text: string): TemplateNode[] {
  const actions = findActions(text);
  const masked = maskActions(text, actions);
  const reader = new TreeReader();
  let start = 0;
  let next = 0;
  for (const [index, line] of masked.split('\n').entries()) {
    const end = start + line.length;
    const first = next;
    while (next < actions.length && (actions[next]?.start ?? Number.POSITIVE_INFINITY) <= end) next += 1;
    reader.read({ number: index + 1, start, masked: line.replace(/\r$/, ''), actions: actions.slice(first, next) });
    start = end + 1;
  }
  return reader.documents;
}
