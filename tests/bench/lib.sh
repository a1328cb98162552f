# What the measurements share: a scratch folder, a croft server on it, CPU time. To be read with
# $out as the folder of the build and $here as that of this file. Talks to 127.0.0.1 only and stops
# what it starts.
scratch=$(mktemp -d)
croft_pid='' bare_pid=''

stop() {
	for pid in $croft_pid $bare_pid; do
		kill "$pid" 2>/dev/null || true
		wait "$pid" 2>/dev/null || true
	done
	rm -rf "$scratch"
}
stop_croft() {
	kill "$croft_pid"
	wait "$croft_pid" || true
	croft_pid=''
}
trap stop EXIT
trap 'exit 130' INT TERM

# ---- starting ----

# called APP_NAME: what the program and its variables are called in this tree.
called() {
	sed -n "s/^#define $1 \"\(.*\)\"$/\1/p" "$here/../../include/base/app_name.h"
}
name=$(called APP_NAME) prefix=$(called APP_PREFIX)

# Everything croft needs to know; the password is for this scratch database only.
for setting in APP_ENVIRONMENT=local APP_DATA_DIR="$scratch" LOG_LEVEL=warn SERVER_HOST=127.0.0.1 \
	DATABASE_URL="sqlite:$scratch/croft.db" FIRST_SUPERUSER_PASSWORD=bench-only-password; do
	export "$prefix$setting"
done
out_dir=$(cd "$out" && pwd)
program=$out_dir/$name
cd_croft() {
	# In the scratch folder, so that no app.ini or .env of this folder counts.
	(cd "$scratch" && exec "$program" "$@")
}

# free_port: one that nobody listens on now.
free_port() {
	for port in $(seq 18080 18199); do
		curl -s -o /dev/null "http://127.0.0.1:$port/" && continue
		[ $? != 7 ] || { echo "$port" && return; }
	done
	echo "tests/bench: no free port" >&2
	exit 1
}

now_ms() {
	echo $(($(date +%s%N) / 1000000))
}

# start_croft OPTION…: with these settings, too.
start_croft() {
	croft_port=$(free_port)
	began=$(now_ms)
	(cd "$scratch" && LD_PRELOAD=${preload-} exec "$program" serve --set "server.port=$croft_port" "$@" \
		>"$scratch/croft.log" 2>&1) &
	croft_pid=$!
	until curl -s -o /dev/null "http://127.0.0.1:$croft_port/health/live"; do
		kill -0 $croft_pid 2>/dev/null || { cat "$scratch/croft.log" >&2 && exit 1; }
	done
	croft_ms=$(($(now_ms) - began))
}

# sign_in [LOGIN]
sign_in() {
	curl -s -H 'Content-Type: application/json' -d "{\"login\":\"${1:-admin}\",\"password\":\"bench-only-password\"}" \
		"http://127.0.0.1:$croft_port/api/v1/auth/login" |
		sed -n 's/.*"access_token" *: *"\([^"]*\)".*/\1/p'
}

# cookie_of LOGIN: what a browser sends that has signed in by cookie, as name=value.
cookie_of() {
	curl -s -D - -o /dev/null -H 'Content-Type: application/json' \
		-d "{\"login\":\"$1\",\"password\":\"bench-only-password\"}" \
		"http://127.0.0.1:$croft_port/api/v1/auth/cookie" | sed -n "s/^Set-Cookie: \($name=[^;]*\);.*/\1/p"
}

# ---- measuring ----

# Clock ticks of CPU time, user and system: fields 14 and 15, counted after the name, which may hold
# blanks.
ticks() {
	sed 's/^.*) //' "/proc/$1/stat" | awk '{ print $12 + $13 }'
}

# load PID URL TOKEN CASE WORD: asks by $connections for $seconds. Sets cpu (µs a request), rate
# (requests a second), p99, and complains of failures.
load() {
	before=$(ticks "$1")
	wrk -t2 -c"$connections" -d"${seconds}s" --latency -s "$here/load.lua" "$2" -- "$3" "$4" "$5" >"$scratch/wrk"
	after=$(ticks "$1")
	requests=$(awk '/requests in/ { print $1 }' "$scratch/wrk")
	cpu=$(awk -v t=$((after - before)) -v hz="$(getconf CLK_TCK)" -v n="$requests" 'BEGIN { printf "%.1f", t * 1e6 / hz / n }')
	rate=$(awk '/Requests\/sec/ { printf "%d", $2 }' "$scratch/wrk")
	p99=$(awk '$1 == "99%" { print $2 }' "$scratch/wrk")
	grep -E 'Non-2xx|Socket errors' "$scratch/wrk" >&2 || true
}

rss() {
	awk '/^VmRSS:/ { printf "%.1f", $2 / 1024 }' "/proc/$1/status"
}

# The CPU time of all threads in nanoseconds, for work of which there are not many seconds.
cpu_ns() {
	cat /proc/"$1"/task/*/schedstat | awk '{ sum += $1 } END { printf "%.0f", sum }'
}
