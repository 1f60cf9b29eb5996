#!/usr/bin/env bash
# Cargo for Windows from Debian; tests run under Wine. windows.sh VERB ARGUMENT..., as in: windows.sh test -p formats
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/toolchain.sh"

export WINEPREFIX="$cache/wine" WINEARCH=win64 WINEDEBUG=-all
wine=/usr/lib/wine/wine64

prepare_wine() {
  [ -f "$cache/wine-ready" ] && return
  # Rust's standard library asks bcryptprimitives.dll for randomness, and Debian's Wine does not have it yet.
  cat > "$cache/randomness.c" <<'C'
#include <windows.h>
BOOLEAN NTAPI SystemFunction036(PVOID, ULONG);
__declspec(dllexport) BOOL WINAPI ProcessPrng(PBYTE bytes, SIZE_T count) { return SystemFunction036(bytes, (ULONG)count); }
C
  x86_64-w64-mingw32-gcc -shared -o "$cache/bcryptprimitives.dll" "$cache/randomness.c" -ladvapi32
  # It complains about missing displays and still makes the prefix; the copy below tells whether it did.
  "$wine" wineboot -i >/dev/null 2>&1 || true
  cp "$cache/bcryptprimitives.dll" "$WINEPREFIX/drive_c/windows/system32/"
  printf '#!/bin/sh\nexec %s "$@"\n' "$wine" > "$cache/run-wine"
  chmod +x "$cache/run-wine"
  touch "$cache/wine-ready"
}

fetch_toolchain
prepare_wine
use_toolchain
export CARGO_TARGET_X86_64_PC_WINDOWS_GNU_RUNNER="$cache/run-wine"
export CARGO_TARGET_X86_64_PC_WINDOWS_GNU_LINKER=x86_64-w64-mingw32-gcc
# Snapshot tests ask cargo where the workspace is, and under Wine there is no cargo to ask.
export INSTA_WORKSPACE_ROOT="$PWD"
verb="$1"
shift
exec "$root/bin/cargo" "$verb" --target x86_64-pc-windows-gnu -Zbuild-std=std,panic_unwind \
  --target-dir "${CARGO_TARGET_DIR:-target}/windows" "$@"
