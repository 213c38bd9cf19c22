# A real cluster for the tests, from the folder beside the checkout, and what some of them need besides. Sourced by `.ci/run`, which says where `$shared`,
# `$work` and `$log` are and runs what takes long by `attend`. Whatever cannot be had here is said, and its tests skip themselves.

cluster="$shared/cluster/cluster"
state="${NOWWHAT_CLUSTER_RUN:-/run/nowwhat-cluster}"
log="$work/cluster.log"
started=
csi=
mounts=

lacking() { # PART WHAT
  echo "== $1: $2: $(tail -n 1 "$log" 2>/dev/null)"
}

# Restarts the kubelets without the resizing of pods in place. With it Kubernetes 1.34 ends in a panic where a pod with limits is deleted while it is synced, if
# pods have no cgroups of their own, as is the case there: the kubelet asks for their limits and is given none.
restart_kubelets() {
  local each pid words
  for each in "$state"/pid/kubelet*; do
    pid=$(cat "$each")
    readarray -d '' -t words <"/proc/$pid/cmdline" && kill "$pid" || return 1
    while kill -0 "$pid" 2>/dev/null; do sleep 0.1; done
    setsid nsenter --net="/run/netns/nw${each##*kubelet}" -- "${words[@]}" --feature-gates InPlacePodVerticalScaling=false \
      >>"$state/log/${each##*/}.log" 2>&1 </dev/null {out}>&- {errors}>&- &
    echo $! >"$each"
  done
}

start_cluster() {
  attend "$cluster" down >"$log" 2>&1
  attend timeout 1800 "$cluster" build >>"$log" 2>&1 || return 1
  started=yes
  attend "$cluster" up >"$work/exports" 2>>"$log" || return 1
  eval "$(cat "$work/exports")"
  export NOWWHAT_TEST_KUBECONFIG="${KUBECONFIG:-}"
  export NOWWHAT_TEST_IMAGE=nowwhat.test/busybox:1
  export NOWWHAT_TEST_AUDIT_LOG="$state/log/audit.log"
  restart_kubelets || echo "== cluster: its kubelets were not restarted, and may end in a panic"
}

# Builds a program of the field; its path is then in the file of its name.
program() {
  attend timeout 900 "$cluster" program "$1" >"$work/$1.path" 2>>"$log"
}

path_of() {
  cat "$work/$1.path"
}

# Real Velero and an S3 server beside it, for backups and restores in both directions.
make_velero() {
  program velero && program velero-plugin-for-aws && program versitygw || return 1
  mkdir "$work/plugins" && ln -s "$(path_of velero-plugin-for-aws)" "$work/plugins/" || return 1
  export NOWWHAT_TEST_VELERO_PLUGINS="$work/plugins"
  NOWWHAT_TEST_VELERO=$(path_of velero)
  NOWWHAT_TEST_S3_SERVER=$(path_of versitygw)
  export NOWWHAT_TEST_VELERO NOWWHAT_TEST_S3_SERVER
}

new_root() { # NAME : an empty root file system
  mkdir -p "$work/$1/bin" "$work/$1/tmp" && chmod 755 "$work/$1" && chmod 1777 "$work/$1/tmp" && echo "$work/$1"
}

to_image() { # NAME FOLDER : the folder goes
  attend "$cluster" image "$1" "$2" >>"$log" 2>&1
  local status=$?
  rm -r "$2"
  return $status
}

# For the pods that move the data of volumes: a shell, kopia, and an S3 server to move them to.
make_volume_image() {
  local folder each
  [ -x /bin/busybox ] || { echo "there is no /bin/busybox" >>"$log" && return 1; }
  program kopia && program versitygw && folder=$(new_root volumes) && "$cluster" copy-program /bin/busybox "$folder" 2>>"$log" || return 1
  for each in $(/bin/busybox --list); do [ "$each" = busybox ] || ln -s busybox "$folder/bin/$each"; done
  cp "$(path_of kopia)" "$(path_of versitygw)" "$folder/bin/" && to_image nowwhat.test/volumes:1 "$folder" || return 1
  NOWWHAT_TEST_KOPIA=$(path_of kopia)
  export NOWWHAT_TEST_KOPIA NOWWHAT_TEST_VOLUME_IMAGE=nowwhat.test/volumes:1
}

# The program itself, as `npm test` has built it, for backup schedules.
make_program_image() {
  local folder node
  node=$(readlink -f "$(command -v node)")
  [ -f dist/main.js ] || { echo "the program was not built" >>"$log" && return 1; }
  folder=$(new_root program) && "$cluster" copy-program "$node" "$folder" 2>>"$log" || return 1
  mkdir "$folder/nowwhat" && cp -r bin dist package.json "$folder/nowwhat/" && chmod -R a+rX "$folder" || return 1
  ENTRYPOINT="$node /nowwhat/bin/nowwhat.js" to_image nowwhat.test/nowwhat:1 "$folder" || return 1
  export NOWWHAT_TEST_PROGRAM_IMAGE=nowwhat.test/nowwhat:1
}

# Velero's own image: its server and node agent, what restored pods wait in, and an entry point that hands out the plugin. Its agent looks for mounts, which must
# be shared; this machine's need not be.
make_velero_image() {
  local folder module=github.com/vmware-tanzu/velero/cmd/velero-restore-helper
  [ -n "${NOWWHAT_TEST_VELERO:-}" ] || { echo "there is no Velero" >>"$log" && return 1; }
  folder=$(new_root velero) && mkdir "$folder/plugins" && "$cluster" copy-program /bin/busybox "$folder" 2>>"$log" && ln -s busybox "$folder/bin/cp" || return 1
  CGO_ENABLED=0 attend timeout 600 go build -C "$shared/cluster/programs/velero" -trimpath -o "$folder/velero-restore-helper" "$module" 2>>"$log" || return 1
  cp "$NOWWHAT_TEST_VELERO" "$folder/velero" && cp "$(path_of velero-plugin-for-aws)" "$folder/plugins/" || return 1
  ENTRYPOINT="/bin/cp /plugins/velero-plugin-for-aws /target/velero-plugin-for-aws" to_image nowwhat.test/velero:1 "$folder" || return 1
  mkdir "$work/mounts" && mount --bind "$work/mounts" "$work/mounts" 2>>"$log" || return 1
  mounts="$work/mounts"
  mount --make-private "$mounts" 2>>"$log" && mount --make-shared "$mounts" 2>>"$log" || return 1
  export NOWWHAT_TEST_VELERO_IMAGE=nowwhat.test/velero:1 NOWWHAT_TEST_LOCAL_VOLUMES="$mounts" NOWWHAT_TEST_KUBELET_ROOT="$state/node0/kubelet"
}

# CSI snapshots: a driver whose volumes are folders of this machine, and the Kubernetes project's own controllers beside it.
start_csi() {
  csi="$work/csi"
  KUBECTL="$cluster kubectl" attend timeout 900 test/cluster/csi/csi up "$csi" "$state/node0/kubelet" node0 >"$work/class" 2>>"$log" || return 1
  NOWWHAT_TEST_SNAPSHOT_STORAGE_CLASS=$(cat "$work/class")
  export NOWWHAT_TEST_SNAPSHOT_STORAGE_CLASS
}

prepare_cluster() {
  if ! start_cluster; then
    echo "== cluster: did not start on this machine"
    tail -n 20 "$log"
    return
  fi
  make_velero || lacking velero "not to be had on this machine"
  make_volume_image || lacking volumes "no image with kopia on this machine"
  make_program_image || lacking schedules "no image of the program on this machine"
  make_velero_image || lacking velero "no image of it on this machine, so that its node agent is not tried"
  start_csi || lacking snapshots "their controllers could not be built or started on this machine"
}

# What was begun here, also where it did not come to its end.
take_cluster_down() {
  [ -z "$csi" ] || KUBECTL="$cluster kubectl" test/cluster/csi/csi down "$csi" 2>>"$log"
  [ -z "$started" ] || "$cluster" down >>"$log" 2>&1
  [ -z "$mounts" ] || umount "$mounts" 2>/dev/null || umount -l "$mounts"
}
