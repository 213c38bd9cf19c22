import { describe, expect, it } from 'vitest';
import { parseManifests } from '../../kube/manifests/parse-manifests.ts';
import type { KubeObject } from '../../model/index.ts';
import { removeFromTemplate } from './edit-template.ts';

function object(kind: string, name: string): KubeObject {
  const text = JSON.stringify({ apiVersion: 'v1', kind, metadata: { name } });
  const origin = { kind: 'helm', unit: 'chart' } as const;
  const [made] = parseManifests({ file: 'a', text, rendered: true }, { textIndex: 0, origin, namespace: '' }).objects;
  if (made === undefined) throw new Error('no object');
  return made;
}

const secret = 'apiVersion: v1\nkind: Secret\nmetadata:\n  name: {{ .Release.Name }}-db\ndata: {}\n';
const service = 'apiVersion: v1\nkind: Service\nmetadata:\n  name: web\n';
const remove = (template: string) => removeFromTemplate(template, object('Secret', 'shop-db'));

describe('an object is taken out of its template', () => {
  it('where it is a document of its own', () => {
    expect(remove(`${service}---\n${secret}`)).toEqual({ ok: true, text: service });
  });

  it('with the condition around it, of which nothing is left', () => {
    expect(remove(`{{- if .Values.db }}\n${secret}{{- end }}\n`)).toEqual({
      ok: true,
      text: '# Secret "shop-db" is not kept in this file.\n',
    });
  });

  it.each([
    ['a condition holds others as well', `{{- if .Values.db }}\n${secret}---\n${service}{{- end }}\n`],
    ['two could be it', `${secret}---\n${secret}`],
    ['it is none of its', service],
  ])('and is not where %s', (_case, template) => {
    expect(remove(template).ok).toBe(false);
  });
});
