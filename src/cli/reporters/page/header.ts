// The first line: what was judged, and whose view this is.

import { wrap, stringWidth } from '../../layout.ts';
import { visible } from '../../style.ts';
import { ownerWords, sourceWords } from '../words.ts';
import type { Section } from './section.ts';

export const renderHeader: Section = ({ source, role }, { style, width }) => {
  const name = visible(source.name);
  const facts = [
    sourceWords(source),
    `Kubernetes ${source.kubernetes}`,
    ...(role === undefined ? [] : [`for the ${ownerWords[role]}`]),
  ].join(' · ');
  const about =
    source.headline === undefined ? [] : wrap(visible(source.headline), width - 2).map((line) => `  ${line}`);
  const fits = stringWidth(name) + stringWidth(facts) + 5 <= width;
  if (fits) return [`  ${style.bold(name)}   ${style.dim(facts)}`, ...about];
  const names = wrap(name, width - 2).map((line) => `  ${style.bold(line)}`);
  return [...names, ...wrap(facts, width - 2).map((line) => `  ${style.dim(line)}`), ...about];
};
