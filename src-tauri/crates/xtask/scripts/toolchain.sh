# A Rust toolchain that can build its own standard library for another system, with a C compiler for Windows and Wine
# to run what it makes. Sourced by windows.sh and macos.sh; Debian only, because Debian packages such a toolchain.

cache="${SVERKA_TOOLCHAIN_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/sverka-toolchain}"
root="$cache/root/usr"

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

fetch_toolchain() {
  [ -f "$cache/ready" ] && return
  command -v apt-get >/dev/null || { echo "error: this wants Debian's packages of Rust (rustc-web), and there is no apt-get" >&2; exit 1; }
  echo "set-up: a toolchain for other systems, into $cache"
  as_root env DEBIAN_FRONTEND=noninteractive apt-get update -qq
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
    gcc-mingw-w64-x86-64-posix g++-mingw-w64-x86-64-posix mingw-w64-x86-64-dev \
    wine wine64 libgit2-1.5 libssh2-1 cmake nasm >/dev/null
  mkdir -p "$cache/deb"
  (
    cd "$cache/deb"
    # The standard library's package carries its version in its name, and LLVM's hangs on that.
    std="$(depends_on rustc-web 'libstd-rust-web-dev')"
    library="$(depends_on "$std" 'libstd-rust-web-[0-9.]+')"
    llvm="$(depends_on "$library" 'libllvm[0-9]+')"
    apt-get download -qq rustc-web cargo-web rust-web-src "$std" "$library" "$llvm"
    for package in *.deb; do dpkg -x "$package" "$cache/root"; done
  )
  mkdir -p "$root/lib/rustlib/src"
  ln -sfn "$(echo "$root"/src/rustc-*)" "$root/lib/rustlib/src/rust"
  touch "$cache/ready"
}

depends_on() {
  apt-cache depends "$1" | grep -oE "$2" | head -n 1
}

# The toolchain is not installed, so it is told where its libraries are; building std is a nightly feature of Cargo's.
use_toolchain() {
  export LD_LIBRARY_PATH="$root/lib/x86_64-linux-gnu" RUSTC="$root/bin/rustc" RUSTDOC="$root/bin/rustdoc" RUSTC_BOOTSTRAP=1
  # What rustup or an outer Cargo chose is about another toolchain.
  unset RUSTUP_TOOLCHAIN CARGO RUSTC_WRAPPER RUSTC_WORKSPACE_WRAPPER
}
