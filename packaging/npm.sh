#!/usr/bin/env bash
# Makes the two tarballs of npm: build/packages/stheno-VERSION.tgz, which finds the binary of the platform, and
# stheno-linux-x64-VERSION.tgz, which has it with the shared libraries that it needs. `./dev package --npm` calls it. See lib.sh for its
# variables.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. packaging/lib.sh
cp -r packaging/npm/. "$work/"
main=$work/stheno platform=$work/linux-x64
sed -i "s/@VERSION@/$version/g" "$main/package.json" "$platform/package.json"
cp LICENSE README.md "$main/"
cp LICENSE "$platform/"

mkdir -p "$platform/bin" "$platform/lib"
install -m 755 "$binary" "$platform/bin/stheno"
strip --strip-unneeded "$platform/bin/stheno"
mapfile -t libraries < <(shared_libraries "$binary")
for library in "${libraries[@]}"; do install -m 644 "$(readlink -f "$library")" "$platform/lib/$(basename "$library")"; done
# Beside the binary, for it and for the libraries' own needs: a rpath counts for both, a runpath for the binary alone.
patchelf --force-rpath --set-rpath '$ORIGIN/../lib' "$platform/bin/stheno"
licences "$platform/licences" "${libraries[@]}"

# The oldest glibc and libstdc++ that have all that is asked of them.
newest() { objdump -T "$platform/bin/stheno" "$platform"/lib/* | grep -o "$1_[0-9][0-9.]*" | sort -Vu | tail -n 1 | cut -d_ -f2; }
glibc=$(newest GLIBC) libstdcxx=$(newest GLIBCXX)
sed -i "s/@GLIBC@/$glibc/; s/@GLIBCXX@/$libstdcxx/" "$platform/package.json" "$platform/README.md"
for folder in "$main" "$platform"; do (cd "$folder" && npm pack --silent --pack-destination "$OLDPWD/$output" >/dev/null); done
ls "$output/stheno-$version.tgz" "$output/stheno-linux-x64-$version.tgz"
echo "needs glibc $glibc or later and libstdc++ with GLIBCXX_$libstdcxx" >&2
