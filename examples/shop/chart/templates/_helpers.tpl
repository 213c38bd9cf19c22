{{- define "shop.labels" -}}
app.kubernetes.io/name: {{ .name }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/part-of: shop
{{- end -}}
{{- define "shop.image" -}}
{{ .root.Values.image.registry }}shop/{{ .name }}:{{ .root.Values.image.tag }}
{{- end -}}
