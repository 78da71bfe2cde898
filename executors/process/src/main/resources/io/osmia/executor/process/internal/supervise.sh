#!/bin/sh
# Keeps one task's process and its exit status while no Java may be alive.
#   supervise ID ROOT DIR N CGROUP_PROCS{N} COMMAND [ARG...]
# Runs in a session of its own, the process in another. User text arrives as arguments and is never read as shell text.
# Nobody traps a signal here: a supervisor that is killed leaves no exit status behind, and nobody invents one.
set -u
id=$1 root=$2
shift 2

# Field 22 of /proc/PID/stat: the start time in clock ticks since boot. The name before it may hold anything.
identify() {
    pid=${stat%% *}
    set -- ${stat##*) }
    pid="$pid ${20}"
}

# Done by a shell that then becomes the process, so the process id and start time stay the same. It first writes who it
# is: a command whose run file is not whole has not begun. No process outlives a power cut, so this need not reach the
# disk. Writing 0 moves the writer itself into the group.
# Not in the background: a shell without job control lets what it puts there ignore SIGINT and SIGQUIT.
# The name of this script stays among the arguments until the command takes over: so others see that it is on its way.
(
    read -r boot </proc/sys/kernel/random/boot_id
    read -r stat <"/proc/$$/stat" || exit 126
    identify
    supervisor=$pid
    # "self" is whoever opens it: this shell, of which $$ does not tell.
    read -r stat </proc/self/stat || exit 126
    identify
    printf 'supervisor=%s\nprocess=%s\nboot=%s\nwhole\n' "$supervisor" "$pid" "$boot" >"$root/run/$id" || exit 126
    cd -- "$1" || exit 126
    groups=$2
    shift 2
    while [ "$groups" -gt 0 ]; do
        echo 0 >"$1" || exit 126
        groups=$((groups - 1))
        shift
    done
    exec setsid "$@"
) </dev/null >>"$root/tasks/$id/stdout" 2>>"$root/tasks/$id/stderr"
status=$?
# Content first, then its name: a reader sees all of it or none, also after a power cut.
cd "$root/exit" && printf '%s\n' "$status" >".$id" && sync ".$id" && mv ".$id" "$id" && sync .
