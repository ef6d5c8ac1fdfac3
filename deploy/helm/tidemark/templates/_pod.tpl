{{/* The options that every command has: (dict "root" $). */}}
{{- define "tidemark.kafkaOptions" -}}
{{- $kafka := .root.Values.kafka -}}
{{- with $kafka.bootstrap }}
- {{ printf "--bootstrap=%s" . | quote }}
{{- end }}
- {{ printf "--prefix=%s" $kafka.prefix | quote }}
{{- if $kafka.existingSecret }}
- {{ printf "--config=/etc/tidemark/kafka/%s" $kafka.secretKey | quote }}
{{- end }}
{{- range $key, $value := $kafka.settings }}
- {{ printf "--set=%s=%s" $key $value | quote }}
{{- end }}
- --topology=/tidemark/topology
{{- end -}}

{{/* The command line of a role: (dict "root" $ "name" name "role" role). */}}
{{- define "tidemark.args" -}}
{{- $values := .root.Values -}}
{{- if eq .name "console" -}}
- console
{{- include "tidemark.kafkaOptions" . }}
- --console-host=0.0.0.0
- --console-port=9474
{{- if .role.auth.existingSecret }}
- {{ printf "--console-auth=/etc/tidemark/console/%s" .role.auth.key | quote }}
{{- end }}
{{- else -}}
- run
- --roles={{ .name }}
{{- include "tidemark.kafkaOptions" . }}
- --instance=$(POD_NAME)
- --state-dir=/tmp/tidemark
- --metrics-host=0.0.0.0
- --metrics-port=9464
{{- if $values.metrics.existingSecret }}
- {{ printf "--metrics-secret=/etc/tidemark/metrics/%s" $values.metrics.key | quote }}
{{- end }}
{{- if eq .name "ingest" }}
- {{ printf "--start=%s" $values.start | quote }}
{{- end }}
{{- if not $values.kafka.createTopics }}
- --no-create
{{- end }}
{{- with .role.engine }}
- --engine={{ . }}
{{- end }}
{{- if dig "gpu" "enabled" false .role }}
- --device=gpu:0
{{- end }}
{{- end }}
{{- range .role.args }}
- {{ . | quote }}
{{- end }}
{{- end -}}

{{/* Probes. /healthy answers once the roles have started, which waits for a broker for a minute and may create topics, and then as
long as they work or wait for a broker; it is 503 when one has failed, and the process ends. */}}
{{- define "tidemark.probes" -}}
{{- $check := dict "httpGet" (dict "path" "/healthy" "port" "metrics") -}}
{{- if eq .name "console" -}}
{{- $check = ternary (dict "tcpSocket" (dict "port" "console")) (dict "httpGet" (dict "path" "/" "port" "console")) (not (empty .role.auth.existingSecret)) -}}
{{- end -}}
startupProbe:
  {{- toYaml $check | nindent 2 }}
  periodSeconds: 5
  timeoutSeconds: 5
  failureThreshold: 60
readinessProbe:
  {{- toYaml $check | nindent 2 }}
  periodSeconds: 10
  timeoutSeconds: 5
  failureThreshold: 3
livenessProbe:
  {{- toYaml $check | nindent 2 }}
  periodSeconds: 20
  timeoutSeconds: 5
  failureThreshold: 6
{{- end -}}

{{/* What the container mounts, and the volumes, as JSON: (dict "mounts" … "volumes" …). */}}
{{- define "tidemark.volumes" -}}
{{- $root := .root -}}
{{- $values := $root.Values -}}
{{- $mounts := list (dict "name" "tmp" "mountPath" "/tmp") -}}
{{- $volumes := list (dict "name" "tmp" "emptyDir" (dict "sizeLimit" (.role.tmpSize | default (ternary "10Gi" "1Gi" (has .name (list "ingest" "verdict")))))) -}}
{{- with include "tidemark.streams" $root -}}
{{- $mounts = append $mounts (dict "name" "streams" "mountPath" "/tidemark/topology/streams" "readOnly" true) -}}
{{- $volumes = append $volumes (dict "name" "streams" "configMap" (dict "name" .)) -}}
{{- end -}}
{{- $files := include "tidemark.topology" $root | fromJson -}}
{{- if ne .name "notify" -}}{{- $files = omit $files "notify.yaml" -}}{{- end -}}
{{- if $files -}}
{{- $volumes = append $volumes (dict "name" "topology" "configMap" (dict "name" (printf "%s-topology" (include "tidemark.fullname" $root)))) -}}
{{- range $key, $text := $files -}}
{{- $path := $key -}}
{{- if hasPrefix "zoo." $key -}}{{- $path = printf "zoo/%s" (trimPrefix "zoo." $key) -}}{{- end -}}
{{- if hasPrefix "schemas." $key -}}{{- $path = printf "schemas/%s" (trimPrefix "schemas." $key) -}}{{- end -}}
{{- $mounts = append $mounts (dict "name" "topology" "mountPath" (printf "/tidemark/topology/%s" $path) "subPath" $key "readOnly" true) -}}
{{- end -}}
{{- end -}}
{{- $secrets := list -}}
{{- with $values.kafka.existingSecret -}}
{{- $secrets = append $secrets (dict "name" "kafka" "path" "/etc/tidemark/kafka" "secret" .) -}}
{{- end -}}
{{- if eq .name "console" -}}
{{- with .role.auth.existingSecret -}}
{{- $secrets = append $secrets (dict "name" "console" "path" "/etc/tidemark/console" "secret" . "key" $values.roles.console.auth.key) -}}
{{- end -}}
{{- else if $values.metrics.existingSecret -}}
{{- $secrets = append $secrets (dict "name" "metrics" "path" "/etc/tidemark/metrics" "secret" $values.metrics.existingSecret "key" $values.metrics.key) -}}
{{- end -}}
{{- range $index, $secret := .role.secrets -}}
{{- $secrets = append $secrets (dict "name" (printf "secret-%d" $index) "path" (printf "/run/secrets/%s" $secret) "secret" $secret) -}}
{{- end -}}
{{- range $secrets -}}
{{- $mounts = append $mounts (dict "name" .name "mountPath" .path "readOnly" true) -}}
{{/* 288 is 0440: for the user and fsGroup alone. */}}
{{- $source := dict "secretName" .secret "defaultMode" 288 -}}
{{- with .key -}}{{- $_ := set $source "items" (list (dict "key" . "path" .)) -}}{{- end -}}
{{- $volumes = append $volumes (dict "name" .name "secret" $source) -}}
{{- end -}}
{{- dict "mounts" $mounts "volumes" $volumes | toJson -}}
{{- end -}}

{{/* The pod of a role: (dict "root" $ "name" name "role" role). */}}
{{- define "tidemark.pod" -}}
{{- $root := .root -}}
{{- $values := $root.Values -}}
{{- $role := .role -}}
{{- $storage := include "tidemark.volumes" . | fromJson -}}
{{- $resources := deepCopy ($role.resources | default dict) -}}
{{- $files := include "tidemark.topology" $root | fromJson -}}
{{- if ne .name "notify" -}}{{- $files = omit $files "notify.yaml" -}}{{- end -}}
{{- if dig "gpu" "enabled" false $role -}}
{{- $gpu := dict ($role.gpu.resource | default "nvidia.com/gpu") 1 -}}
{{- $resources = merge (dict "limits" $gpu) $resources -}}
{{- end -}}
metadata:
  labels:
    {{- include "tidemark.selector" $root | nindent 4 }}
    app.kubernetes.io/component: {{ .name }}
    {{- if ne .name "console" }}
    tidemark.io/metrics-page: "true"
    {{- end }}
    {{- with $role.podLabels }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
  annotations:
    # The files are read at the start: a change starts the pods anew.
    checksum/topology: {{ dict "streams" $values.streams "topology" $files | toJson | sha256sum | quote }}
    {{- with $role.podAnnotations }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
spec:
  serviceAccountName: {{ include "tidemark.serviceAccount" $root }}
  automountServiceAccountToken: false
  enableServiceLinks: false
  terminationGracePeriodSeconds: {{ int $values.terminationGracePeriodSeconds }}
  securityContext:
    runAsNonRoot: true
    {{- range $key, $id := $values.podSecurity }}
    {{- if not (kindIs "invalid" $id) }}
    {{ $key }}: {{ int64 $id }}
    {{- end }}
    {{- end }}
    fsGroupChangePolicy: OnRootMismatch
    seccompProfile:
      type: RuntimeDefault
  {{- with $values.imagePullSecrets }}
  imagePullSecrets:
    {{- range . }}
    - name: {{ . }}
    {{- end }}
  {{- end }}
  {{- with $role.priorityClassName }}
  priorityClassName: {{ . }}
  {{- end }}
  {{- with dig "gpu" "runtimeClassName" "" $role }}
  runtimeClassName: {{ . }}
  {{- end }}
  {{- with merge (dict) ($role.nodeSelector | default dict) ($values.nodeSelector | default dict) }}
  nodeSelector:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with $role.tolerations }}
  tolerations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with $role.affinity }}
  affinity:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with $role.topologySpreadConstraints }}
  topologySpreadConstraints:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  containers:
    - name: tidemark
      image: {{ include "tidemark.image" . | quote }}
      imagePullPolicy: {{ dig "image" "pullPolicy" $values.image.pullPolicy $role }}
      args:
        {{- include "tidemark.args" . | nindent 8 }}
      env:
        - name: POD_NAME
          valueFrom:
            fieldRef:
              fieldPath: metadata.name
        - name: TIDEMARK_LOG
          value: {{ $values.logLevel }}
        {{- $options := list }}
        {{- with $role.heap }}{{ $options = append $options (printf "-Xmx%s" .) }}{{ end }}
        {{- with $role.javaOptions }}{{ $options = append $options . }}{{ end }}
        {{- with $options }}
        - name: JAVA_TOOL_OPTIONS
          value: {{ join " " . | quote }}
        {{- end }}
        {{- range $key, $value := $role.env }}
        - name: {{ $key }}
          value: {{ $value | quote }}
        {{- end }}
      {{- with $role.envFromSecrets }}
      envFrom:
        {{- range . }}
        - secretRef:
            name: {{ . }}
        {{- end }}
      {{- end }}
      ports:
        {{- if eq .name "console" }}
        - name: console
          containerPort: 9474
        {{- else }}
        - name: metrics
          containerPort: 9464
        {{- end }}
      {{- include "tidemark.probes" . | nindent 6 }}
      # The last lines of the log become the pod's message: the program says there what it cannot work with.
      terminationMessagePolicy: FallbackToLogsOnError
      {{- with $resources }}
      resources:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      securityContext:
        allowPrivilegeEscalation: false
        readOnlyRootFilesystem: true
        capabilities:
          drop: [ALL]
      volumeMounts:
        {{- toYaml $storage.mounts | nindent 8 }}
  volumes:
    {{- toYaml $storage.volumes | nindent 4 }}
{{- end -}}
