import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { locateInTemplate } from './index.ts';

const template = `{{- if .Values.enabled }}
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ include "shop.fullname" . }}
  labels:
    {{- include "shop.labels" . | nindent 4 }}
spec:
  {{- if not .Values.autoscaling.enabled }}
  replicas: {{ .Values.replicaCount }}
  {{- end }}
  template:
    spec:
      {{- with .Values.podSecurityContext }}
      securityContext:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      containers:
        - name: {{ .Chart.Name }}
          image: "{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}"
          resources: {{- toYaml .Values.resources | nindent 12 }}
          env:
            - name: MODE
              value: fixed
            {{- range $key, $value := .Values.env }}
            - name: {{ $key }}
              value: {{ $value | quote }}
            {{- end }}
        {{- if .Values.proxy.enabled }}
        - name: proxy
          image: {{ .Values.proxy.image }}
        {{- end }}
      {{- with .Values.tolerations }}
      tolerations:
        {{- toYaml . | nindent 8 }}
      {{- end }}
---
apiVersion: v1
kind: Service
metadata:
  name: {{ include "shop.fullname" . }}
spec:
  type: {{ .Values.service.type }}
  ports:
  - port: {{ .Values.service.port }}
    targetPort: {{ index .Values "service" "target-port" }}
---
apiVersion: v1
kind: Service
metadata:
  name: {{ include "shop.fullname" . }}-metrics
spec:
  type: ClusterIP
{{- end }}
`;

const deployment = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: shop
  labels:
    app: shop
spec:
  replicas: 1
  template:
    spec:
      containers:
        - name: shop
          image: "nginx:1"
          resources:
            limits:
              cpu: 1
          env:
            - name: MODE
              value: fixed
            - name: LEVEL
              value: "7"
        - name: proxy
          image: envoy
`;

const container = ['spec', 'template', 'spec', 'containers', 0];

describe('locating a rendered field in its template', () => {
  it.each([
    [['kind'], { line: 3, column: 1 }],
    [['spec', 'replicas'], { line: 10, column: 3, valuesKey: 'replicaCount' }],
    [[...container, 'image'], { line: 20, column: 11, valuesKey: 'image' }],
    [[...container, 'resources', 'limits', 'cpu'], { line: 21, column: 11, valuesKey: 'resources.limits.cpu' }],
    [['metadata', 'labels', 'app'], { line: 7, column: 5 }],
    [[...container, 'env', 0, 'value'], { line: 24, column: 15 }],
    [[...container, 'env', 1, 'value'], { line: 27, column: 15, valuesKey: 'env' }],
    [['spec', 'template', 'spec', 'containers', 1, 'image'], { line: 31, column: 11, valuesKey: 'proxy.image' }],
  ])('%j', (path, place) => {
    expect(locateInTemplate(template, deployment, path)).toEqual(place);
  });

  it('names the key of a block that was not printed', () => {
    const path = ['spec', 'template', 'spec', 'securityContext', 'runAsNonRoot'];
    const place = { line: 16, column: 9, valuesKey: 'podSecurityContext.runAsNonRoot' };
    expect(locateInTemplate(template, deployment, path)).toEqual(place);
  });

  it('gives the nearest parent where the template has no line for a field', () => {
    expect(locateInTemplate(template, deployment, [...container, 'livenessProbe'])).toEqual({ line: 19, column: 9 });
  });

  it('takes the document of the template that fits kind and name', () => {
    const service = (name: string) =>
      `apiVersion: v1\nkind: Service\nmetadata:\n  name: ${name}\nspec:\n  type: X\n  ports: [{port: 80}]\n`;
    expect(locateInTemplate(template, service('shop'), ['spec', 'type'])).toEqual({
      line: 43,
      column: 3,
      valuesKey: 'service.type',
    });
    expect(locateInTemplate(template, service('shop-metrics'), ['spec', 'type'])).toMatchObject({ line: 53 });
    expect(locateInTemplate(template, service('shop'), ['spec', 'ports', 0, 'targetPort'])).toEqual({
      line: 46,
      column: 5,
      valuesKey: 'service.target-port',
    });
  });

  it('tells the branches of a condition apart by what was printed', () => {
    const branches = 'kind: A\n{{ if .Values.x }}\nmode: on-{{ .Values.x }}\n{{ else }}\nmode: none\n{{ end }}\n';
    expect(locateInTemplate(branches, 'kind: A\nmode: none\n', ['mode'])?.line).toBe(5);
    expect(locateInTemplate(branches, 'kind: A\nmode: on-1\n', ['mode'])?.line).toBe(3);
  });

  it('knows nothing of an object that the template does not show', () => {
    expect(locateInTemplate('{{ include "lib.deployment" . }}\n', deployment, ['spec'])).toBeUndefined();
  });

  it('never fails, and never leaves the template', () => {
    const line = fc.constantFrom(
      'spec:',
      '  a: {{ .Values.a }}',
      '{{ if',
      '}}',
      '  - b: 1',
      '{{- end }}',
      '---',
      'kind: A',
      '{{ with .Values.c }}',
      '\t{{/*',
      '*/}}',
      '  {{ $x := . }}',
      '- - -',
    );
    const path = fc.array(fc.oneof(fc.constantFrom('spec', 'a', 'b', 'kind'), fc.nat(3)), { maxLength: 4 });
    fc.assert(
      fc.property(fc.array(line, { maxLength: 30 }), path, (lines, steps) => {
        const place = locateInTemplate(lines.join('\n'), 'kind: A\nspec:\n  - b: 1\n', steps);
        if (place !== undefined) {
          expect(place.line).toBeGreaterThanOrEqual(1);
          expect(place.line).toBeLessThanOrEqual(Math.max(1, lines.length));
          expect(place.column).toBeGreaterThanOrEqual(1);
        }
      }),
    );
  });

  it('finds every key of a template that is plain YAML on its own line', () => {
    const key = fc.constantFrom('a', 'b', 'c', 'd');
    fc.assert(
      fc.property(fc.uniqueArray(key, { minLength: 1 }), fc.uniqueArray(key, { minLength: 1 }), (outer, inner) => {
        const lines = ['kind: A', ...outer.flatMap((name) => [`${name}:`, ...inner.map((each) => `  ${each}: 1`)])];
        for (const [i, name] of outer.entries())
          for (const [j, each] of inner.entries())
            expect(locateInTemplate(lines.join('\n'), lines.join('\n'), [name, each])).toEqual({
              line: 3 + i * (inner.length + 1) + j,
              column: 3,
            });
      }),
    );
  });
});
