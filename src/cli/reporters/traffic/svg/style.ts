// Colours of the drawing for light and dark pages. Lines differ in dash and width too: colour is never the only sign.

import type { EdgeStatus } from '../../../../traffic/index.ts';

export interface Stroke {
  readonly name: string;
  readonly dash?: string;
  readonly width: number;
}

export const strokes: Readonly<Record<EdgeStatus, Stroke>> = {
  'declared-and-seen': { name: 'asdeclared', width: 1.6 },
  'declared-not-seen': { name: 'unseen', dash: '7 5', width: 1.6 },
  'not-declared': { name: 'undeclared', width: 3 },
  outside: { name: 'outside', dash: '1 5', width: 2.4 },
};

/** Text and lines reach a contrast of 4.5 and 3 on their grounds. */
const light = `--ground:#ffffff;--box:#f6f8fa;--edge:#d0d7de;--text:#1f2328;--muted:#59636e;--asdeclared:#1a7f37;--unseen:#6e7781;--undeclared:#bc4c00;--outside:#0969da;--blocked:#cf222e`;
const dark = `--ground:#0d1117;--box:#161b22;--edge:#3d444d;--text:#f0f6fc;--muted:#9198a1;--asdeclared:#3fb950;--unseen:#9198a1;--undeclared:#f0883e;--outside:#58a6ff;--blocked:#ff7b72`;

export const styleSheet = [
  `svg{${light};font-family:system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}`,
  `@media (prefers-color-scheme:dark){svg{${dark}}}`,
  '.ground{fill:var(--ground)}.box{fill:var(--box);stroke:var(--edge);stroke-width:1}.apart{stroke-dasharray:4 3}',
  '.bar{fill:var(--edge)}',
  'text{fill:var(--text)}.name{font-size:13px;font-weight:600}.small{font-size:11px;fill:var(--muted)}.port{font-size:11px}',
  '.title{font-size:17px;font-weight:600}.foot{font-size:12px;fill:var(--muted)}',
  'path.line{fill:none}',
  ...Object.values(strokes).map(({ name, dash, width }) => {
    const dashed = dash === undefined ? '' : `;stroke-dasharray:${dash};stroke-linecap:round`;
    return `.${name}{stroke:var(--${name});stroke-width:${width}${dashed}}.${name}-head{fill:var(--${name})}`;
  }),
  '.blocked{stroke:var(--blocked)}.blocked-head{fill:var(--blocked)}',
  '.stop{fill:var(--ground);stroke:var(--blocked);stroke-width:1.6}.cross{stroke:var(--blocked);stroke-width:1.8;stroke-linecap:round}',
].join('\n');
