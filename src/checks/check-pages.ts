// Reads a check's page: its sections and its example manifests. Shared by the tests, `explain` and the generated docs.

export interface CheckPage {
  readonly title: string;
  /** Text of each `## ` section by its heading. */
  readonly sections: ReadonlyMap<string, string>;
  readonly examples: readonly PageExample[];
}

export interface PageExample {
  /** `bad` must give findings that fail, `good` none at all, `unknown` findings that are unknown. */
  readonly kind: 'bad' | 'good' | 'unknown';
  /** How many findings a bad or unknown example must give: written `yaml bad 2`, else 1. */
  readonly count: number;
  /** Target version 1.N where the example needs one: written `yaml bad @1.20`. */
  readonly minor?: number;
  /** The text is all that a cluster holds, not files: written `yaml bad cluster`. */
  readonly live?: true;
  /** Files, and after the line `# In the cluster` what a cluster holds, read together: written `yaml bad joined`. */
  readonly joined?: true;
  readonly text: string;
}

const fence = /^```yaml (bad|good|unknown)(?: (\d+))?(?: @1\.(\d+))?( cluster| joined)?\n([\s\S]*?)^```$/gm;

export function parseCheckPage(markdown: string): CheckPage {
  const examples = [...markdown.matchAll(fence)].map(([, kind, count, minor, source, text = '']) => ({
    kind: kind as PageExample['kind'],
    count: Number(count ?? 1),
    ...(minor === undefined ? {} : { minor: Number(minor) }),
    ...(source === ' cluster' ? { live: true as const } : {}),
    ...(source === ' joined' ? { joined: true as const } : {}),
    text,
  }));
  const sections = new Map<string, string>();
  const prose = markdown.replace(fence, '');
  for (const part of prose.split(/^## /m).slice(1)) {
    const end = part.indexOf('\n');
    sections.set(part.slice(0, end).trim(), part.slice(end + 1).trim());
  }
  return { title: /^# (.+)$/m.exec(prose)?.[1] ?? '', sections, examples };
}
