// Rules for public hosts of a copy: `shop.example.com=copy.example.com`, or a pattern with `*` on both sides.

import { UserError } from '../../model/index.ts';
import type { HostMap } from './relocation.ts';

interface HostRule {
  readonly matches: RegExp;
  readonly to: string;
  /** `*`: it fits every host. */
  readonly isForAll: boolean;
}

const host = /^(?:\*|(?:\*\.)?[a-z0-9](?:[-a-z0-9.]*[a-z0-9])?|[-a-z0-9.]*\*[-a-z0-9.]*)$/;

function refuse(rule: string, why: string): UserError {
  return new UserError('invalid-option', `"${rule}" is no rule for hosts: ${why}`, 'Write OLD=NEW, or *.OLD=*.NEW.');
}

function toPattern(text: string): RegExp {
  const parts = text.split('*').map((each) => each.replaceAll(/[.-]/g, String.raw`\$&`));
  return new RegExp(`^${parts.join('(.+)')}$`);
}

function parseRule(rule: string): HostRule {
  const sign = rule.indexOf('=');
  const [from, to] = [
    rule.slice(0, sign).trim().toLowerCase(),
    rule
      .slice(sign + 1)
      .trim()
      .toLowerCase(),
  ];
  if (sign < 1 || to === '') throw refuse(rule, 'it names no old and new host');
  if (!host.test(from) || !host.test(to)) throw refuse(rule, 'a host has letters, digits, "-" and "."');
  const [stars, made] = [from.split('*').length - 1, to.split('*').length - 1];
  if (stars > 1 || made > stars) throw refuse(rule, 'at most one * stands on each side');
  if (from === to) throw refuse(rule, 'old and new are the same');
  return { matches: toPattern(from), to, isForAll: from === '*' };
}

function mapBy(rules: readonly HostRule[]): (host: string) => string | undefined {
  return (name) => {
    const lower = name.toLowerCase();
    for (const { matches, to } of rules) {
      const match = matches.exec(lower);
      if (match !== null) return to.replace('*', () => match[1] ?? '');
    }
    return undefined;
  };
}

/** The first rule that fits wins. Throws `UserError` (`invalid-option`). */
export function parseHostRules(rules: readonly string[]): HostMap {
  const parsed = rules.map(parseRule);
  return { ofRoute: mapBy(parsed), inText: mapBy(parsed.filter(({ isForAll }) => !isForAll)) };
}
