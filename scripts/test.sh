#!/usr/bin/env bash
# Sets everything up and runs the tests: scripts/test.sh [OPTION of ctest ...]
source "$(dirname "${BASH_SOURCE[0]}")/setup.sh"
setup "$top/build-tests" -DMTL_BUILD_TESTS=ON -DMTL_BUILD_BENCH=ON -DMTL_WERROR="${CI:+ON}"
exec ctest --test-dir "$top/build-tests" --output-on-failure --parallel "$(nproc)" "$@"
