import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { renderGoTemplate, sanitizeName } from './index.ts';

const values = {
  env: 'prod',
  name: 'Team_A/Web.Shop',
  count: 3,
  live: true,
  idle: false,
  empty: '',
  list: ['a', 'b'],
  path: { basename: 'web', segments: ['apps', 'web'] },
  labels: { 'app.kubernetes.io/part-of': 'shop' },
};

function rendered(template: string, isStrict = false): string {
  const result = renderGoTemplate(template, values, isStrict);
  return result.ok ? result.text : `? ${result.reason}`;
}

describe('a Go template', () => {
  // Expected texts are those of helm 4.1.4 for the functions that it shares; `normalize` and `slugify` are Argo CD's.
  it.each([
    ['{{ .env }}-{{.path.basename}}', 'prod-web'],
    ['a {{- /* nothing */ -}} b', 'ab'],
    ['{{ .env | upper | quote }}', '"PROD"'],
    ['{{ lower .name | replace "/" "-" }}', 'team_a-web.shop'],
    ['{{ normalize .name }} {{ .name | slugify }}', 'team-a-web.shop team-a-web-shop'],
    ['{{ default "none" .missing }} {{ .empty | default `x` }}', 'none x'],
    ['{{ index .path.segments 0 }} {{ index .labels "app.kubernetes.io/part-of" }}', 'apps shop'],
    ['{{ ternary "yes" "no" (eq .env "prod") }} {{ .idle | ternary 1 2 }}', 'yes 2'],
    ['{{ if eq .env "dev" "prod" }}live{{ else if .live }}on{{ else }}off{{ end }}', 'live'],
    ['{{ if and .live (not .idle) (ne .env "dev") -}}\n  x\n{{- end }}', 'x'],
    ['{{ if .missing }}x{{ else if or .idle .empty }}y{{ else }}z{{ end }}', 'z'],
    ['{{ printf "%s-%v" .env .count }} {{ join "," .list }} {{ (index .list 1) }}', 'prod-3 a,b b'],
    [
      '{{ trimPrefix "pr" .env }} {{ trimSuffix "od" .env }} {{ trimAll "dp" .env }} {{ trunc 2 .env }} {{ trunc -2 .env }}',
      'od pr ro pr od',
    ],
    ['{{ hasPrefix "pr" .env }} {{ contains "x" .env }} {{ coalesce .empty .missing .env }}', 'true false prod'],
    ['{{ last (splitList "/" .name) }} {{ squote .env }} {{ "}}" }}', "Web.Shop 'prod' }}"],
    ['a:{{ .path | toYaml | nindent 2 }}', 'a:\n  {"basename":"web","segments":["apps","web"]}'],
    ['{{ $.env }} {{ hasKey .labels "x" }}', 'prod false'],
  ])('%s is %s', (template, expected) => {
    expect(rendered(template)).toBe(expected);
  });

  it.each([
    ['{{ genCA "x" 1 }}', 'the function "genCA"'],
    ['{{ range .list }}x{{ end }}', '"range"'],
    ['{{ $x := .env }}{{ $x }}', 'a variable'],
    ['{{ .missing }}', 'a value that is not given'],
    ['{{ .missing.below }}', '".missing.below"'],
    ['{{ .env.below }}', '".env.below"'],
    ['{{ .list }}', 'a list or a map as text'],
    ['{{ eq .count 3 }}', 'a comparison of other values than texts'],
    ['{{ if .live }}x', 'a condition without its end'],
    ['{{ end }}', 'an "end" without its "if"'],
    ['{{ .env', 'an action without its end'],
    ['{{ upper (.env }}', 'a parenthesis without its other half'],
    ['{{ index .list 2 }}', 'an item that the list does not have'],
    ['{{ toString }}', 'a value that is not given'],
    ['{{ slugify 3 .name }}', '"slugify" of a text that it cuts'],
    ['{{ constructor }}', 'the function "constructor"'],
  ])('%s is not known, and that is told', (template, reason) => {
    expect(rendered(template)).toBe(`? ${reason}`);
  });

  it('takes a key that is not there for an error where that is asked for', () => {
    expect(rendered('{{ default "x" .missing }}', true)).toBe('? ".missing"');
    expect(rendered('{{ default "x" .empty }}', true)).toBe('x');
  });

  it('leaves text without actions as it is, and never breaks on any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const result = renderGoTemplate(text, values);
        if (!text.includes('{{')) expect(result).toEqual({ ok: true, text });
      }),
    );
    const part = fc.constantFrom(
      '{{',
      '}}',
      '-',
      ' ',
      '.env',
      '"a"',
      '|',
      'upper',
      '(',
      ')',
      'if',
      'end',
      'else',
      '$',
      '1',
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 12 }), (parts) => {
        expect(['string', 'undefined']).toContain(typeof Object(renderGoTemplate(parts.join(''), values)).text);
      }),
    );
  });

  it('makes names that DNS takes', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(sanitizeName(text)).toMatch(/^(?:[a-z0-9](?:[-a-z0-9.]*[a-z0-9])?)?$/);
      }),
    );
  });
});
