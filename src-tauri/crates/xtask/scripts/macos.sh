#!/usr/bin/env bash
# Checks types for macOS from Debian: nothing is linked and nothing runs. macos.sh check ARGUMENT...
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/toolchain.sh"

fetch_toolchain
use_toolchain

# Apple's C compiler and archiver are not here. Build scripts want files from them, and for a check empty ones do.
stand_in="$cache/stand-in"
mkdir -p "$stand_in"
cat > "$stand_in/cc" <<'SH'
#!/bin/sh
out=
while [ $# -gt 0 ]; do
  case "$1" in
    -o) out=$2; shift ;;
    -E) echo; exit 0 ;;
  esac
  shift
done
[ -z "$out" ] || : > "$out"
SH
cat > "$stand_in/ar" <<'SH'
#!/bin/sh
for word in "$@"; do
  case "$word" in *.a) : > "$word" ;; esac
done
SH
chmod +x "$stand_in/cc" "$stand_in/ar"
export CC_aarch64_apple_darwin="$stand_in/cc" CXX_aarch64_apple_darwin="$stand_in/cc" AR_aarch64_apple_darwin="$stand_in/ar"
export SDKROOT="$stand_in" MACOSX_DEPLOYMENT_TARGET=11.0

[ "${1:-}" = check ] || { echo "error: only \`check\` means something here: nothing can be linked or run" >&2; exit 2; }
shift
exec "$root/bin/cargo" check --target aarch64-apple-darwin -Zbuild-std=std,panic_unwind,panic_abort,proc_macro \
  --target-dir "${CARGO_TARGET_DIR:-target}/macos" "$@"
