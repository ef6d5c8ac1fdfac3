{{/* What all names begin with: at most 40 characters, so that every name fits 52, the most that a StatefulSet's pods allow. A longer
one is cut, and a part of its hash keeps it apart from others that begin alike. No dots and no leading digit, for Services. */}}
{{- define "tidemark.fullname" -}}
{{- $name := .Values.fullnameOverride -}}
{{- if not $name -}}
{{- $name = ternary .Release.Name (printf "%s-tidemark" .Release.Name) (contains "tidemark" .Release.Name) -}}
{{- end -}}
{{- $name = replace "." "-" $name -}}
{{- if not (regexMatch "^[a-z]" $name) -}}
{{- $name = printf "t-%s" $name -}}
{{- end -}}
{{- if gt (len $name) 40 -}}
{{- printf "%s-%s" (trunc 31 $name | trimSuffix "-") (sha256sum $name | trunc 8) -}}
{{- else -}}
{{- $name -}}
{{- end -}}
{{- end -}}

{{- define "tidemark.serviceAccount" -}}
{{- $default := ternary (include "tidemark.fullname" .) "default" .Values.serviceAccount.create -}}
{{- .Values.serviceAccount.name | default $default -}}
{{- end -}}

{{/* What selects the pods of the release. */}}
{{- define "tidemark.selector" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{/* What selects the pod of helm test, and no other. */}}
{{- define "tidemark.testLabels" -}}
app.kubernetes.io/name: {{ .Chart.Name }}-test
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{/* Labels of every object but pods, which would start anew with every version of the chart. */}}
{{- define "tidemark.labels" -}}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-" }}
{{ include "tidemark.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end -}}

{{/* The image of a role: (dict "root" $ "role" role). A digest is that of one image: a role with another does not inherit it. */}}
{{- define "tidemark.image" -}}
{{- $common := .root.Values.image -}}
{{- $own := .role.image | default dict -}}
{{- $repository := $own.repository | default $common.repository -}}
{{- $digest := $own.digest -}}
{{- if not (or $own.repository $own.tag $own.digest) -}}
{{- $digest = $common.digest -}}
{{- end -}}
{{- if $digest -}}
{{- printf "%s@%s" $repository $digest -}}
{{- else -}}
{{- printf "%s:%s" $repository ($own.tag | default $common.tag | default .root.Chart.AppVersion) -}}
{{- end -}}
{{- end -}}

{{/* The ConfigMap with the stream files; empty where none is declared. */}}
{{- define "tidemark.streams" -}}
{{- if .Values.streamsConfigMap -}}
{{- .Values.streamsConfigMap -}}
{{- else if .Values.streams -}}
{{- include "tidemark.fullname" . }}-streams
{{- end -}}
{{- end -}}

{{/* Files of the folder topology that differ from the image's, by their keys in the ConfigMap, as JSON. */}}
{{- define "tidemark.topology" -}}
{{- $files := dict -}}
{{- with .Values.topology.topics -}}{{- $_ := set $files "topics.yaml" . -}}{{- end -}}
{{- with .Values.topology.notify -}}{{- $_ := set $files "notify.yaml" . -}}{{- end -}}
{{- range $name, $text := .Values.topology.networks -}}{{- $_ := set $files (printf "zoo.%s.yaml" $name) $text -}}{{- end -}}
{{- range $name, $text := .Values.topology.schemas -}}{{- $_ := set $files (printf "schemas.%s" $name) $text -}}{{- end -}}
{{- toJson $files -}}
{{- end -}}

{{/* The ports of the brokers, as JSON. */}}
{{- define "tidemark.brokerPorts" -}}
{{- $ports := .Values.networkPolicy.brokerPorts -}}
{{- if not $ports -}}
{{- if not .Values.kafka.bootstrap -}}
{{- fail "networkPolicy.enabled needs networkPolicy.brokerPorts where kafka.bootstrap is empty" -}}
{{- end -}}
{{- $ports = list -}}
{{- range splitList "," .Values.kafka.bootstrap -}}
{{- $ports = append $ports (splitList ":" . | last | trim | int) -}}
{{- end -}}
{{- end -}}
{{- $ports | uniq | toJson -}}
{{- end -}}

{{/* What the schema cannot say. */}}
{{- define "tidemark.check" -}}
{{- if and .Values.streams .Values.streamsConfigMap -}}
{{- fail "streams and streamsConfigMap exclude each other: take one" -}}
{{- end -}}
{{- if and .Values.roles.notify.enabled (not .Values.topology.notify) -}}
{{- fail "roles.notify.enabled needs topology.notify, which says who is notified (src/docs/NOTIFICATIONS.md)" -}}
{{- end -}}
{{- if not (or .Values.kafka.bootstrap .Values.kafka.existingSecret) -}}
{{- fail "kafka.bootstrap may be empty only with kafka.existingSecret, whose file then has bootstrap.servers" -}}
{{- end -}}
{{- $scaled := .Values.roles.worker.autoscaling -}}
{{- if and .Values.roles.worker.enabled $scaled.enabled -}}
{{- if not .Values.kafka.bootstrap -}}
{{- fail "roles.worker.autoscaling.enabled needs kafka.bootstrap: KEDA reads no Secret of Kafka clients" -}}
{{- end -}}
{{- if gt (int $scaled.minReplicas) (int $scaled.maxReplicas) -}}
{{- fail "roles.worker.autoscaling.minReplicas must not be above maxReplicas" -}}
{{- end -}}
{{- end -}}
{{- end -}}
