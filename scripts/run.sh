#!/usr/bin/env bash
# Sets everything up and trains: scripts/run.sh [CONFIG] [OPTION of `mtl-engine run` ...]
# CONFIG is configs/abcd.toml where none is given.
source "$(dirname "${BASH_SOURCE[0]}")/setup.sh"
config=$top/configs/abcd.toml
if [ $# -gt 0 ] && [ "${1#-}" = "$1" ]; then
  config=$1
  shift
fi
setup "$top/build" -DMTL_BUILD_TESTS=OFF
exec "$top/build/bin/mtl-engine" run "$config" "$@"
