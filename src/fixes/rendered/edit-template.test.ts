import { describe, expect, it } from 'vitest';
import { parseManifests } from '../../kube/manifests/parse-manifests.ts';
import type { Edit, KubeObject } from '../../model/index.ts';
import { editTemplate } from './edit-template.ts';

function rendered(text: string): KubeObject {
  const origin = { kind: 'helm', unit: 'chart' } as const;
  const [made] = parseManifests({ file: 'a', text, rendered: true }, { textIndex: 0, origin, namespace: '' }).objects;
  if (made === undefined) throw new Error('no object');
  return made;
}

const pod = (name: string, more = '') => `apiVersion: v1\nkind: Pod\nmetadata:\n  name: ${name}\n${more}`;
const spec = (containers: string) => `spec:\n  containers:\n${containers}`;
const set: Edit = { op: 'set', path: ['spec', 'hostPID'], value: false };

describe('an edit of what a template prints', () => {
  const object = rendered(pod('shop-web', spec('    - name: a\n      image: a:1\n')));

  it('goes into the document of its kind with a name that fits, whatever else is there', () => {
    const own = pod('{{ .Release.Name }}-web', spec('    - name: a\n      image: "a:{{ .Values.tag }}"\n'));
    const others = `${pod('{{ .Release.Name }}-db')}---\napiVersion: v1\nkind: Service\nmetadata:\n  name: shop-web\n---\n`;
    expect(editTemplate(others + own, object, [set])).toEqual({ ok: true, text: `${others}${own}  hostPID: false\n` });
  });

  it('stands beside what actions print, and leaves these as they are', () => {
    const own = pod(
      'shop-web',
      `  labels:\n    {{- include "shop.labels" . | nindent 4 }}\n${spec(
        '    - name: a\n      image: a:1\n      {{- with .Values.resources }}\n      resources:\n        {{- toYaml . | nindent 8 }}\n      {{- end }}\n',
      )}`,
    );
    const path = ['spec', 'containers', 0, 'tty'];
    const result = editTemplate(own, object, [{ op: 'set', path, value: false }]);
    expect(
      result.ok &&
        result.text
          .split('\n')
          .filter((line) => line.trim() !== 'tty: false')
          .join('\n'),
    ).toBe(own);
    expect(result.ok && result.text).toContain('tty: false');
  });

  it.each([
    ['two documents could be it', `${pod('{{ .Values.a }}')}---\n${pod('{{ .Values.b }}')}`],
    ['an action prints what it is in', pod('shop-web', 'spec: {{ toYaml .Values.spec | nindent 2 }}\n')],
    [
      'two branches say the field',
      pod(
        'shop-web',
        'spec:\n  {{- if .Values.a }}\n  hostPID: true\n  {{- else }}\n  hostPID: {{ .Values.b }}\n  {{- end }}\n',
      ),
    ],
  ])('is refused where %s', (_case, template) => {
    expect(editTemplate(template, object, [set]).ok).toBe(false);
  });
});
