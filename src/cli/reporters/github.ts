// GitHub workflow commands: findings appear beside the lines of a pull request.

import type { Severity } from '../../model/index.ts';
import { visible } from '../style.ts';
import type { Reporter } from './reporter.ts';

const levelOf: Readonly<Record<Severity, 'error' | 'warning' | 'notice'>> = {
  critical: 'error',
  high: 'error',
  medium: 'warning',
  low: 'notice',
};

function escapeData(text: string): string {
  return visible(text).replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}

export const renderGithub: Reporter = ({ findings, unreadable }) => {
  const open = findings.filter(({ verdict, exception }) => verdict === 'fail' && exception === undefined);
  const lines = open.map(({ severity, position, check, message }) => {
    const place =
      position === undefined
        ? ''
        : ` file=${escapeProperty(position.file)},line=${position.line},col=${position.column},`;
    return `::${levelOf[severity]}${place === '' ? ' ' : place}title=${escapeProperty(check)}::${escapeData(message)}`;
  });
  const unread = unreadable.map(
    ({ position, code, reason }) =>
      `::warning file=${escapeProperty(position.file)},line=${position.line},title=${escapeProperty(code)}::${escapeData(reason)}`,
  );
  return [...lines, ...unread, ''].join('\n');
};
