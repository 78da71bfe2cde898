#!/bin/sh
# Starts one task in namespaces of its own: runc makes them, conmon keeps its output and its exit status while no Java may
# be alive.
#   isolate ID ROOT CONMON RUNC
# Runs in a mount namespace that goes with the last of its processes, so that no mount is ever left on the machine. What
# the task is stands in its bundle; nothing of it is read here.
set -u
id=$1 root=$2 conmon=$3 runc=$4
state=$root/runc
cd "$root/tasks/$id" || exit 1

# Somebody was killed here before the command had begun: as long as there is no run file, it has not.
if [ -d "$state/$id" ]; then
    "$runc" --root "$state" delete --force "$id" || exit 1
    # Its conmon would tell an end that is not the command's.
    wait=50
    while { read -r former || [ -n "$former" ]; } <conmon.pid && [ -d "/proc/$former" ] && [ $wait -gt 0 ]; do
        sleep 0.1
        wait=$((wait - 1))
    done
fi
rm -f "$root/exit/$id" pid conmon.pid
mkdir -p attach "$state" || exit 1

# The machine's files below, what the task writes in a layer of its own.
mount -t overlay overlay -o lowerdir=/,upperdir=layer/upper,workdir=layer/work bundle/rootfs || exit 1

# Field 22 of /proc/PID/stat: the start time in clock ticks since boot. The name before it may hold anything.
started() {
    read -r stat <"/proc/$1/stat" || return 1
    set -- ${stat##*) }
    start=${20}
}

# conmon returns at once and says on descriptor 3 what became of the container.
_OCI_SYNCPIPE=3 "$conmon" --api-version 1 --cid "$id" --cuuid "$id" --name "$id" --runtime "$runc" \
    --bundle "$PWD/bundle" --container-pidfile "$PWD/pid" --conmon-pidfile "$PWD/conmon.pid" \
    --exit-dir "$root/exit" --socket-dir-path "$PWD/attach" --log-path "k8s-file:$PWD/log" --log-level error \
    --runtime-arg "--root=$state" 3>&1 >/dev/null </dev/null | {
    read -r answer || answer='conmon ended'
    case $answer in
        *'"data": '[1-9]* | *'"data":'[1-9]*) ;;
        *)
            printf '%s\n' "$answer" >&2
            exit 1
            ;;
    esac
    read -r boot </proc/sys/kernel/random/boot_id
    read -r monitor <conmon.pid || [ -n "$monitor" ] || exit 1
    read -r process <pid || [ -n "$process" ] || exit 1
    started "$monitor" && monitor="$monitor $start" && started "$process" && process="$process $start" || exit 1
    printf 'supervisor=%s\nprocess=%s\nboot=%s\nwhole\n' "$monitor" "$process" "$boot" >"$root/run/$id" || exit 1
    exec "$runc" --root "$state" start "$id"
}
