// The journey page: how far the app is, what blocks, who acts, what next.

import type { Reporter } from '../reporter.ts';
import { renderBlockers } from './blockers.ts';
import { renderHeader } from './header.ts';
import { renderLegs } from './legs.ts';
import { renderNext } from './next.ts';
import { renderNotes } from './notes.ts';
import { renderTodo } from './todo.ts';
import { renderUnknown } from './unknown.ts';

/** Longer lines are hard to read, however wide the terminal. */
const widest = 120;

export const renderPage: Reporter = (report, options) => {
  const fitted = { ...options, width: Math.min(options.width, widest) };
  const sections = [renderHeader, renderLegs, renderBlockers, renderNext, renderTodo, renderUnknown, renderNotes]
    .map((render) => render(report, fitted))
    .filter((lines) => lines.length > 0);
  return `\n${sections.map((lines) => lines.map((line) => line.trimEnd()).join('\n')).join('\n\n')}\n\n`;
};
