#!/usr/bin/env bash
# Makes build/packages/stheno_VERSION_ARCHITECTURE.deb of the built binary. `./dev package` calls it. See lib.sh for its variables.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. packaging/lib.sh
root=$work/root from=packaging/debian
architecture=$(dpkg --print-architecture)
documents=$root/usr/share/doc/stheno

install -D -m 755 "$binary" "$root/usr/bin/stheno"
strip --strip-unneeded "$root/usr/bin/stheno"
install -D -m 644 "$from/stheno@.service" "$root/lib/systemd/system/stheno@.service"
install -D -m 644 "$from/example.env" "$documents/examples/shop.env"
install -d -m 755 "$root/etc/stheno"
for page in switching operating scaling plugins; do [ ! -f "docs/$page.md" ] || install -D -m 644 "docs/$page.md" "$documents/$page.md"; done
# shellcheck disable=SC2046
licences "$documents/licences" $(linked_libraries "$binary")
{
  echo "Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/"
  echo "Upstream-Name: stheno"
  echo
  echo "Files: *"
  sed -n 's/^Copyright (c) /Copyright: /p' LICENSE
  echo "License: Expat"
  sed -e '1,/^Permission/{/^Permission/!d}' -e 's/^$/./' -e 's/^/ /' LICENSE
  echo
  echo "Comment: the licences of libraries, linked or compiled in, are in /usr/share/doc/stheno/licences."
} >"$documents/copyright"
gzip -9n <CHANGELOG.md >"$documents/changelog.gz"
gzip -9n >"$documents/changelog.Debian.gz" <<TEXT
stheno ($version) stable; urgency=medium

  * Made of the project's own sources by ./dev package; see changelog.gz.

 -- The Stheno authors <stheno@localhost>  $(LC_ALL=C date -u -R -d "@$SOURCE_DATE_EPOCH")
TEXT

# The man page's list of commands is the program's own.
commands=$("$binary" --help | sed -n '/^Commands:/,/^Options:/p' | sed -n 's/^  \([^ ].*[^ ]\)   *\([A-Z].*\)$/.TP\n.B \1\n\2/p')
[ -n "$commands" ] || { echo "package: stheno --help lists no commands" >&2; exit 1; }
mkdir -p "$root/usr/share/man/man1"
awk -v date="$(LC_ALL=C date -u -d "@$SOURCE_DATE_EPOCH" +%B\ %Y)" -v version="$version" -v commands="$commands" \
  '{ gsub("@DATE@", date); gsub("@VERSION@", version); if ($0 == "@COMMANDS@") print commands; else print }' "$from/stheno.1" |
  gzip -9n >"$root/usr/share/man/man1/stheno.1.gz"

# What it needs follows from what it links to.
mkdir -p "$work/shlibs/debian"
printf 'Source: stheno\n\nPackage: stheno\nArchitecture: any\n' >"$work/shlibs/debian/control"
depends=$(cd "$work/shlibs" && dpkg-shlibdeps -O -e"$root/usr/bin/stheno" 2>"$work/shlibs.log" | sed -n 's/^shlibs:Depends=//p')
[ -n "$depends" ] || { cat "$work/shlibs.log" >&2; exit 1; }
mkdir "$root/DEBIAN"
cat >"$root/DEBIAN/control" <<TEXT
Package: stheno
Version: $version
Architecture: $architecture
Maintainer: The Stheno authors <stheno@localhost>
Installed-Size: $(du -sk --exclude=DEBIAN "$root" | cut -f1)
Depends: $depends, adduser
Recommends: nodejs (>= 18)
Suggests: postgresql, redis-server, prometheus
Section: httpd
Priority: optional
Description: native server for shops of Medusa 1.20
 Stheno takes the place of a Medusa 1.20 server: started in the project's folder, it reads the same configuration,
 works on the same database and answers the same Store and Admin API.
 .
 A configuration in JavaScript, and plugins, need Node.js.
TEXT
for script in postinst prerm postrm; do install -m 755 "$from/$script" "$root/DEBIAN/$script"; done
(cd "$root" && find usr lib -type f -print0 | sort -z | xargs -0 md5sum >DEBIAN/md5sums)
find "$root" -newermt "@$SOURCE_DATE_EPOCH" -print0 | xargs -0 -r touch --no-dereference --date="@$SOURCE_DATE_EPOCH"
package=$output/stheno_${version}_$architecture.deb
dpkg-deb --root-owner-group -Zxz --build "$root" "$package" >/dev/null
echo "$package"
