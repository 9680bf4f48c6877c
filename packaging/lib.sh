# What both packages are made of; read by deb.sh and npm.sh in the folder above this one.
#   STHENO_BIN               the binary to pack (default: build/release/stheno)
#   STHENO_PACKAGE_VERSION   in place of CMakeLists.txt's, for tests of upgrades
binary=${STHENO_BIN:-build/release/stheno}
[ -x "$binary" ] || { echo "package: $binary is not built" >&2; exit 1; }
version=${STHENO_PACKAGE_VERSION:-$(sed -n 's/^project(stheno VERSION \([0-9.]*\).*/\1/p' CMakeLists.txt)}
# The same commit gives the same package.
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || date +%s)}
export SOURCE_DATE_EPOCH
umask 022
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
output=build/packages
mkdir -p "$output"

# The shared libraries that the binary needs, one path a line, without those of glibc and the compiler, which every system has.
shared_libraries() {
  ldd "$1" | sed -n 's/.* => \(\/[^ ]*\) .*/\1/p' | sort -u |
    grep -vE '/(libc|libm|libdl|libpthread|librt|libresolv|ld-linux-x86-64|libstdc\+\+|libgcc_s)\.so'
}
# Of those, the ones that the binary itself names.
linked_libraries() {
  local names
  names=$(readelf -d "$1" | sed -n 's/.*(NEEDED).*\[\(.*\)\].*/\1/p')
  shared_libraries "$1" | while read -r library; do if grep -qxF "$(basename "$library")" <<<"$names"; then echo "$library"; fi; done
}
# The Debian packages of libraries, each once.
packages_of() {
  local names=() library
  for library in "$@"; do names+=("$(basename "$(readlink -f "$library")")"); done
  dpkg -S "${names[@]/#/*/}" | cut -d: -f1 | sort -u
}

# The licences of libraries and of what is compiled in, each as its Debian package tells it; of equal ones the first.
licences() { # folder, libraries...
  local folder=$1 package text
  shift
  mkdir -p "$folder"
  { packages_of "$@"; printf '%s\n' libboost1.81-dev node-llhttp; } | sort -u | while read -r package; do
    text=/usr/share/doc/$package/copyright
    [ -e "$text" ] || { echo "package: $text is missing" >&2; exit 1; }
    if ! sha256sum "$folder"/* 2>/dev/null | grep -q "^$(sha256sum <"$text" | cut -d' ' -f1)"; then cp -L "$text" "$folder/$package"; fi
  done
}
