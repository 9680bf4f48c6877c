#!/usr/bin/env bash
# The Debian package as an operator meets it: installed in a clean root of Debian, started as its unit starts it, upgraded while it
# serves, removed. Prints what each came to, and ends with `N passed, N failed`. `./dev package --test` calls it.
#   tests/package/run.sh            packs STHENO_BIN (default: build/release/stheno)
#   STHENO_PACKAGE_KEEP=1           leaves the root for a look
# Needs root (it mounts and changes roots) and the package debootstrap. What systemd does is stood in for: `systemd-analyze verify` reads
# the unit, the test starts its ExecStart line with its folder, variables and user, and listens where the unit's Type=notify listens.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
[ "$(id -u)" = 0 ] || { echo "package: run as root: it makes a root file system of its own" >&2; exit 1; }

if [ -z "${STHENO_PACKAGE_ROOT:-}" ]; then
  first=$(packaging/deb.sh)
  number=$(dpkg-deb -f "$first" Version)
  second=$(STHENO_PACKAGE_VERSION=$number.1 packaging/deb.sh)
  root=$(mktemp -d "${TMPDIR:-/tmp}/stheno-package-XXXXXX")
  chmod 755 "$root"
  echo "==> Making a root of bookworm" >&2
  debootstrap --variant=minbase --include=ca-certificates,systemd,curl,procps bookworm "$root" >"$root.log" 2>&1 || { tail -20 "$root.log" >&2; exit 1; }
  rm -f "$root.log"
  mkdir "$root/packages"
  cp "$first" "$second" "$root/packages/"
  rm -f "$second"
  cp demo/seed.json "$root/packages/"
  status=0
  # All that is mounted and started ends with these namespaces.
  STHENO_PACKAGE_ROOT=$root unshare --mount --pid --fork --kill-child bash "$PWD/tests/package/run.sh" "$number" "$number.1" || status=$?
  if [ -z "${STHENO_PACKAGE_KEEP:-}" ]; then rm -rf "$root"; else echo "The root is left in $root"; fi
  exit "$status"
fi

root=$STHENO_PACKAGE_ROOT first=$1 second=$2
passed=0 failed=0
check() { # what, a command that must succeed
  local what=$1
  shift
  if "$@" >"$root/check.log" 2>&1; then echo "ok $what"; passed=$((passed + 1)); else echo "not ok $what"; sed 's/^/      /' "$root/check.log" | tail -25; failed=$((failed + 1)); fi
}
inside() { chroot "$root" /usr/bin/env -i HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin TERM=dumb LANG=C.UTF-8 DEBIAN_FRONTEND=noninteractive bash -c "$1"; }
install_package() { inside "apt-get install -y -q --no-install-recommends /packages/stheno_$1_*.deb"; }
waits_for() { # seconds, a command
  local end=$((SECONDS + $1))
  shift
  until "$@"; do [ $SECONDS -lt $end ] || return 1; sleep 0.2; done
}

mount -t proc proc /proc
mount -t proc proc "$root/proc"
mount -t tmpfs -o mode=755 tmpfs "$root/dev"
for device in null zero full random urandom tty; do touch "$root/dev/$device"; mount --bind "/dev/$device" "$root/dev/$device"; done
mkdir "$root/dev/shm"
mount -t tmpfs tmpfs "$root/dev/shm"
ln -s /proc/self/fd "$root/dev/fd"
cp -L /etc/resolv.conf "$root/etc/resolv.conf"
cp /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/ca-certificates.crt"
for list in /etc/apt/sources.list /etc/apt/sources.list.d/*; do
  if [ -f "$list" ] && grep -q bookworm "$list"; then cp "$list" "$root/etc/apt/sources.list.d/"; fi
done
printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d"
chmod +x "$root/usr/sbin/policy-rc.d"
inside 'apt-get update -q && apt-get install -y -q --no-install-recommends nodejs postgresql' >"$root/apt.log" 2>&1 || { tail -20 "$root/apt.log"; exit 1; }

check "installs, with all that it depends on" install_package "$first"
check "the program runs, and all its libraries are there" inside 'stheno --version && ! ldd /usr/bin/stheno | grep "not found"'
check "the user of the shops has no login and no folder but theirs" inside '[ "$(getent passwd stheno | cut -d: -f6,7)" = /srv/stheno:/usr/sbin/nologin ] && [ "$(stat -c %U /srv/stheno)" = root ]'
check "systemd finds nothing wrong with the unit" inside 'said=$(systemd-analyze verify --man=no stheno@shop.service 2>&1 | grep -i stheno || true); echo "$said"; [ -z "$said" ]'
check "systemd calls the unit well sandboxed" inside 'systemd-analyze security --offline=true --threshold=30 stheno@shop.service | tail -3'
check "documents, licences, an example of variables and the man page are there" inside '
  cd /usr/share/doc/stheno 2>/dev/null && ls copyright changelog.gz changelog.Debian.gz licences/node-llhttp examples/shop.env /usr/share/man/man1/stheno.1.gz'
check "the files are those that the package's sums tell" inside 'dpkg --verify stheno'

shop() { # a project as an operator brings it
  inside '
    set -e
    pg_ctlcluster 15 main start
    su postgres -c "psql -qc \"create role shop login password '"'secret'"'\" -c \"create database shop owner shop\""
    install -d -o stheno -g stheno /srv/stheno/shop
    cat >/srv/stheno/shop/medusa-config.js <<TEXT
module.exports = { projectConfig: { database_url: process.env.DATABASE_URL, jwt_secret: process.env.JWT_SECRET, cookie_secret: process.env.COOKIE_SECRET }, plugins: ["medusa-payment-manual", "medusa-fulfillment-manual"], featureFlags: { product_categories: true } };
TEXT
    echo "{ \"name\": \"shop\", \"version\": \"1.0.0\" }" >/srv/stheno/shop/package.json
    install -m 600 /usr/share/doc/stheno/examples/shop.env /etc/stheno/shop.env
    printf "DATABASE_URL=postgres://shop:secret@localhost/shop\nJWT_SECRET=jjjj\nCOOKIE_SECRET=cccc\nHOST=127.0.0.1\nSTHENO_METRICS=9464\n" >>/etc/stheno/shop.env'
}
# As the unit says it: folder, variables, user, no privileges to gain.
as_unit() { # command
  inside "set -a; unit=/lib/systemd/system/stheno@.service; eval \"\$(sed -n 's/^Environment=//p' \$unit)\"; . /etc/stheno/shop.env; set +a
    cd \$(sed -n 's/^WorkingDirectory=//p' \$unit | sed s/%i/shop/); umask 0027
    exec setpriv --reuid stheno --regid stheno --clear-groups --no-new-privs --bounding-set=-all $1"
}
# Writes what is sent to NOTIFY_SOCKET into a file, a line each.
listen() {
  inside 'exec perl -e "use Socket; unlink q(/run/notify); socket(S, AF_UNIX, SOCK_DGRAM, 0); bind(S, pack_sockaddr_un(q(/run/notify))) or die; chmod 0777, q(/run/notify); open(O, q(>), q(/run/told)); select((select(O), \$|=1)[0]); while (recv(S, \$m, 999, 0), defined \$m) { print O qq(\$m\\n) }"'
}
told() { grep -qx "$1" "$root/run/told"; }
serves() { inside 'curl -sf http://127.0.0.1:9000/store/products | grep -q prod_ && curl -sf http://127.0.0.1:9000/health/ready | grep -q "\"ready\":true"'; }
start() {
  local line
  line=$(sed -n 's/^ExecStart=//p' "$root/lib/systemd/system/stheno@.service")
  as_unit "env NOTIFY_SOCKET=/run/notify WATCHDOG_USEC=1000000 $line" >"$root/server.log" 2>&1 &
  server=$!
}
ends() { # the server's exit code
  local code=0
  pkill -TERM -x stheno
  wait "$server" || code=$?
  echo "exit code $code"
  tail -5 "$root/server.log"
  [ "$code" = 0 ]
}

check "a project and its variables, where the unit looks for them" shop
check "the user makes the schema and fills it" as_unit 'sh -c "stheno migrations run && stheno seed -f /packages/seed.json"'
listen &
waits_for 10 test -S "$root/run/notify"
start
check "it tells systemd when it is ready" waits_for 60 told READY=1
check "it serves the shop" serves
check "it tells systemd that it is alive" waits_for 10 told WATCHDOG=1
check "Prometheus finds its figures" inside 'curl -sf http://127.0.0.1:9464/metrics | grep -q "^stheno_http_requests_total"'
check "it writes into its project's folder only, as a user of its own" inside '[ "$(ps -o user= -C stheno | sort -u)" = stheno ] && ! find / -xdev -user stheno -not -path "/srv/stheno/*" -not -path "/proc/*" -not -path "/tmp/*" | grep .'
check "an upgrade leaves the running server alone" install_package "$second"
check "the new version is installed, the old process serves" inside "[ \"\$(dpkg-query -Wf '\${Version}' stheno)\" = $second ] && ls -l /proc/\$(pgrep -x stheno)/exe | grep deleted && curl -sf http://127.0.0.1:9000/store/products | grep -q prod_"
check "SIGTERM ends it in time, with 0" ends
check "it has told systemd that it stops" told STOPPING=1
: >"$root/run/told"
start
check "the new version serves the same shop" waits_for 60 serves
ends >/dev/null
check "the package goes" inside 'apt-get remove -y -q stheno && ! command -v stheno && [ ! -e /lib/systemd/system/stheno@.service ]'
check "the shop, its variables and its user stay" inside 'ls -l /srv/stheno/shop/medusa-config.js /etc/stheno/shop.env && getent passwd stheno'
check "also when it is purged" inside 'apt-get purge -y -q stheno && ls /srv/stheno/shop/medusa-config.js /etc/stheno/shop.env'
inside 'pg_ctlcluster 15 main stop' || true
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
