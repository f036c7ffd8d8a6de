#!/usr/bin/env bash
# Builds florigen against the torch of this host's Python, runs every test and a benchmark, and leaves report/.
# Needs Python with torch 2.11.0, a C++20 compiler, CMake and ninja (for CUDA also nvcc 13); no network, no Node.js.
# FLORIGEN_DEVICE=cpu rehearses it where there is no GPU.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
export PATH="$PWD/node/bin:$PATH" CI=true FLORIGEN_HOME="$PWD/home" FLORIGEN_GOOGLETEST="$PWD/googletest"
device="${FLORIGEN_DEVICE:-cuda}"
mkdir -p report
: > report/summary.txt
failures=0

# step NAME COMMAND...: runs it, keeps its output in report/NAME.log and its fate in the summary.
step() {
  local name="$1" began=$SECONDS
  shift
  echo "== $name"
  "$@" > >(tee "report/$name.log") 2>&1
  local code=$?
  if [ $code -ne 0 ]; then failures=$((failures + 1)); fi
  echo "$name: $([ $code -eq 0 ] && echo passed || echo "FAILED ($code)"), $((SECONDS - began)) s" | tee -a report/summary.txt
}

native_tests() {
  local torch
  torch="$(node scripts/gpu/where.cjs "$device")" || return 1
  local preload=""
  # The test program links no CUDA; LibTorch must meet its CUDA half before the first question about a device, and in
  # the order of its own loader: preloaded alone, libtorch_cuda.so makes tests on the CPU crash.
  if [ "$device" = cuda ]; then preload="$torch/lib/libtorch.so"; fi
  if [ -f build/Release/libflorigen_cuda.so ]; then export FLORIGEN_CUDA_LIBRARY="$PWD/build/Release/libflorigen_cuda.so"; fi
  LD_PRELOAD="$preload" FLORIGEN_TEST_DEVICE="$device" \
    build/native-tests/florigen_tests --gtest_output=json:report/native.json
}

# Left out: what needs npm, pip, a checkout's tools or its tree, none of which says anything about a GPU.
js_tests() {
  FLORIGEN_TEST_DEVICE="$device" node node_modules/jest/bin/jest.js --ci --json --outputFile=report/js.json \
    --testPathIgnorePatterns test/cli/docs test/package test/unit/native/install-wheels test/unit/scripts
}

step machine node scripts/gpu/machine.cjs
step build node scripts/build-native.cjs --dev --tests
if [ "$device" = cuda ]; then step build-cuda node scripts/build-cuda.cjs; fi
step native-tests native_tests
step js-tests js_tests
step benchmark node scripts/gpu/benchmark.cjs "$device"
echo "$failures steps failed" | tee -a report/summary.txt
exit $((failures > 0))
