#!/usr/bin/env bash
# Sourced by run.sh and test.sh: installs what is missing on Debian 12 or 13, then configures and builds.
#   setup BUILD_FOLDER [CMAKE_OPTION ...]
set -euo pipefail
top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

say() { printf '== %s\n' "$*" >&2; }

# A LibTorch that the user names is taken instead of Debian's.
user_brings_torch() {
  [ -n "${Torch_DIR:-}" ] && return 0
  [ -n "${CMAKE_PREFIX_PATH:-}" ] && return 0
  [ -n "${VIRTUAL_ENV:-}" ] && "$VIRTUAL_ENV/bin/python" -c 'import torch' 2>/dev/null
}

install_packages() {
  local wanted=(g++ cmake ninja-build libopenblas0-pthread libboost-dev libopencv-dev
                libeigen3-dev libhwy-dev libssl-dev libtomlplusplus-dev libspdlog-dev libcli11-dev nlohmann-json3-dev doctest-dev)
  user_brings_torch || wanted+=(libtorch-dev)
  [ -z "${CI:-}" ] || wanted+=(chromium clang doxygen python3-scipy python3-torch python3-torchvision)  # tests skip without them
  local missing=() package
  for package in "${wanted[@]}"; do
    [ "$(dpkg-query -W -f='${db:Status-Abbrev}' "$package" 2>/dev/null)" = "ii " ] || missing+=("$package")
  done
  [ ${#missing[@]} -eq 0 ] && return 0
  command -v apt-get >/dev/null || { say "please install: ${missing[*]}"; exit 1; }
  say "installing ${missing[*]}"
  local as_root=()
  if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null || { say "run as root, or install by hand: ${missing[*]}"; exit 1; }
    as_root=(sudo)
  fi
  "${as_root[@]}" apt-get update -qq
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >&2
}

setup() {
  local build=$1
  shift
  install_packages
  # CMake remembers the LibTorch it found first; when the user names another, it has to look again.
  local torch="${Torch_DIR:-}|${CMAKE_PREFIX_PATH:-}|${VIRTUAL_ENV:-}" fresh=()
  [ ! -f "$build/torch_choice" ] || [ "$(cat "$build/torch_choice")" = "$torch" ] || fresh=(--fresh)
  say "configuring $build"
  cmake "${fresh[@]}" -S "$top" -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Release \
    ${Torch_DIR:+-DTorch_DIR="$Torch_DIR"} "$@" >&2
  printf '%s\n' "$torch" > "$build/torch_choice"
  say "building"
  cmake --build "$build" >&2
}
