#!/usr/bin/env bash
# The README's two commands on a machine that has nothing: a root of Debian's own making with git in it, a clone of what is
# committed here, `./dev up`, `./dev test`. Prints what each came to, and ends with `N passed, N failed`. `./dev fresh` calls it.
#   tests/fresh/run.sh [--release RELEASE] [up] [test [SUITE ...]]     default: bookworm (Debian 12), both commands
#   STHENO_FRESH_KEEP=1               leaves the root for a look
#   STHENO_PICTURES=FOLDER            where to put pictures of what a browser shows of the shop
# Needs root (it mounts and changes roots) and the package debootstrap. Port 9000 must be free.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
release=bookworm arguments=("$@")
if [ "${1:-}" = --release ]; then release=${2:?"--release needs a name such as trixie"}; shift 2; fi
[ "$(id -u)" = 0 ] || { echo "fresh: run as root: it makes a root file system of its own" >&2; exit 1; }

# All that is mounted and started below ends with this process' own namespaces, however it ends.
if [ -z "${STHENO_FRESH_ROOT:-}" ]; then
  root=$(mktemp -d "${TMPDIR:-/tmp}/stheno-fresh-XXXXXX")
  chmod 755 "$root" # as a root is: the embedded database's user passes through it
  status=0
  STHENO_FRESH_ROOT=$root unshare --mount --pid --fork --kill-child bash "$PWD/tests/fresh/run.sh" "${arguments[@]}" || status=$?
  if [ -z "${STHENO_FRESH_KEEP:-}" ]; then rm -rf "$root"; else echo "The root is left in $root"; fi
  exit "$status"
fi

root=$STHENO_FRESH_ROOT
passed=0 failed=0
say() { printf '\033[1m==>\033[0m %s\n' "$*" >&2; }
check() { # what, a command that must succeed
  local what=$1
  shift
  if "$@"; then echo "ok $what"; passed=$((passed + 1)); else echo "not ok $what"; failed=$((failed + 1)); fi
}
inside() { chroot "$root" /usr/bin/env -i HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin TERM=dumb LANG=C.UTF-8 ${CI:+CI=$CI} \
  ${NODE_EXTRA_CA_CERTS:+NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt} bash -c "$1"; }

say "Making a root of $release"
debootstrap --variant=minbase --include=git,ca-certificates "$release" "$root" >"$root.log" 2>&1 || { tail -20 "$root.log" >&2; exit 1; }
rm -f "$root.log"
# Security updates come from where this machine has them.
for list in /etc/apt/sources.list /etc/apt/sources.list.d/*; do
  [ -f "$list" ] && grep -q "$release" "$list" && cp "$list" "$root/etc/apt/sources.list.d/"
done
mount -t proc proc /proc # only what was started in here
mount -t proc proc "$root/proc"
mount -t tmpfs -o mode=755 tmpfs "$root/dev"
for device in null zero full random urandom tty; do touch "$root/dev/$device"; mount --bind "/dev/$device" "$root/dev/$device"; done
mkdir "$root/dev/shm"
mount -t tmpfs tmpfs "$root/dev/shm"
ln -s /proc/self/fd "$root/dev/fd"
# Terminals, as every machine has them.
mkdir "$root/dev/pts"
mount -t devpts -o newinstance,ptmxmode=0666,mode=620 devpts "$root/dev/pts"
ln -s pts/ptmx "$root/dev/ptmx"
# The way to the package registries is this machine's: its resolver and the authorities it trusts.
cp -L /etc/resolv.conf "$root/etc/resolv.conf"
cp /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/ca-certificates.crt"
git clone -q --no-hardlinks . "$root/srv/stheno"
say "$(inside '. /etc/os-release; echo "$PRETTY_NAME: $(dpkg -l | grep -c ^ii) packages, $(git -C /srv/stheno log -1 --format="%h %s")"' 2>/dev/null || true)"

get() { inside "node -e '
  fetch(\"http://127.0.0.1:9000$1\", { headers: { origin: \"http://localhost:8000\" } }).then(async (answer) => {
    const text = await answer.text();
    process.exit(answer.status === 200 && text.includes(\"$2\") ? 0 : 1);
  }, () => process.exit(1));'" >/dev/null 2>&1; }
log_in() { inside "node -e '
  const send = (path, options = {}) => fetch(\"http://127.0.0.1:9000\" + path, options);
  (async () => {
    const answer = await send(\"/admin/auth/token\", { method: \"POST\", headers: { \"content-type\": \"application/json\" }, body: JSON.stringify({ email: \"admin@example.com\", password: \"supersecret\" }) });
    const { access_token } = await answer.json();
    const orders = await send(\"/admin/orders\", { headers: { authorization: \"Bearer \" + access_token } });
    const strangers = await send(\"/admin/orders\");
    process.exit(orders.status === 200 && strangers.status === 401 ? 0 : 1);
  })().catch(() => process.exit(1));'" >/dev/null 2>&1; }
nothing_left() { ! pgrep -x 'stheno|postgres' >/dev/null; }

up() {
  say "./dev up"
  local began=$SECONDS child code=0
  inside 'cd /srv/stheno && exec ./dev up' >"$root/up.log" 2>&1 &
  child=$!
  until get /health OK; do
    kill -0 $child 2>/dev/null || { tail -40 "$root/up.log"; break; }
    [ $((SECONDS - began)) -lt 3600 ] || { tail -40 "$root/up.log"; break; }
    sleep 1
  done
  check "up: serves ($((SECONDS - began)) s from nothing)" get /health OK
  check "up: the catalogue is there" get /store/products prod_
  check "up: the storefront stands at /" get / "Gorgon Goods"
  if grep -q "The dashboard is left out: npm's registry" "$root/up.log"; then echo "    no dashboard: npm can't be reached from here"
  else check "up: the dashboard stands at /app" get /app "<script"; fi
  check "up: the printed log-in opens the admin's side, and nobody else" log_in
  # A browser is nothing that a fresh machine has: it is this one's, and looks from outside of the root.
  if [ -x "${STHENO_CHROMIUM:-/usr/bin/chromium}" ]; then
    while read -r line; do
      echo "$line"
      case "$line" in "ok "*) passed=$((passed + 1)) ;; "not ok "*) failed=$((failed + 1)) ;; esac
    done < <(node tests/lib/look.mjs http://127.0.0.1:9000 || true)
  else echo "    no browser here that could look at it (Debian: chromium)"; fi
  pkill -INT -x stheno || true
  wait $child || code=$?
  check "up: ends by itself when it is told to (exit code $code)" [ "$code" = 0 ]
  check "up: nothing is left running" nothing_left
}

tests() {
  say "./dev test $*"
  local began=$SECONDS
  inside "cd /srv/stheno && ./dev test $*" >"$root/test.log" 2>&1 || true
  local last
  last=$(tail -n 1 "$root/test.log")
  grep -E '^[a-z_]+: [0-9]+ passed' "$root/test.log" || true
  grep -E '^ +(not ok|skipped)|^    ' "$root/test.log" | head -60 || true
  check "test: $last ($((SECONDS - began)) s)" grep -qE '^[0-9]+ passed, 0 failed' <<<"$last"
  [[ $last == *passed* ]] || tail -40 "$root/test.log"
}

case "${1:-all}" in
  all) up; tests ;;
  up) up; shift; [ "${1:-}" = test ] && { shift; tests "$@"; } ;;
  test) shift; tests "$@" ;;
  *) echo "fresh: unknown: $1 (up, test)" >&2; exit 1 ;;
esac
inside 'echo "node $(node --version), $(g++ --version | head -n 1), $(/usr/lib/postgresql/*/bin/postgres --version)"' || true
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
