#include "core/precision.h"

#include <ATen/Context.h>
#include <ATen/autocast_mode.h>

#include "core/error.h"
#include "core/numeric_options.h"

namespace florigen {
namespace {

bool has_avx512_bf16() {
#if defined(__x86_64__)
  return __builtin_cpu_supports("avx512bf16") != 0;
#else
  return false;
#endif
}

}  // namespace

Precision parse_precision(const std::string& name, torch::Device device) {
  if (name == "ieee") return Precision::kIeee;
  if (name == "tf32") {
    if (device.is_cuda()) return Precision::kTf32;
    throw_must_be(ErrorCode::kUsage, "precision", "'ieee' or 'bf16' on the CPU", "'tf32'");
  }
  if (name != "bf16")
    throw_must_be(ErrorCode::kUsage, "precision", "'ieee', 'tf32' or 'bf16'", "'" + name + "'");
  if (device.is_cpu() && !has_avx512_bf16()) {
    throw_must_be(ErrorCode::kUsage, "precision",
                  "'ieee' on a CPU without AVX-512 BF16, where bfloat16 is many times slower", "'bf16'");
  }
  return Precision::kBf16;
}

NumericMode parse_numeric_mode(const MachineOptions& options) {
  const torch::Device device = parse_device(options.device);
  return {device, parse_precision(options.precision, device), options.deterministic};
}

NumericModeScope::NumericModeScope(const NumericMode& mode) : mode_(mode) {
  at::Context& context = at::globalContext();
  if (mode.device.is_cuda()) {
    context.setAllowTF32CuDNN(mode.precision != Precision::kIeee);
    context.setAllowTF32CuBLAS(mode.precision != Precision::kIeee);
    context.setBenchmarkCuDNN(!mode.deterministic);
    context.setDeterministicCuDNN(mode.deterministic);
    context.setDeterministicAlgorithms(mode.deterministic, /*warn_only=*/false);
  }
  if (mode.precision == Precision::kBf16) {
    at::autocast::set_autocast_dtype(mode.device.type(), at::kBFloat16);
    at::autocast::set_autocast_enabled(mode.device.type(), true);
    at::autocast::increment_nesting();
  }
}

NumericModeScope::~NumericModeScope() {
  if (mode_.precision != Precision::kBf16) return;
  if (at::autocast::decrement_nesting() == 0) at::autocast::clear_cache();
  at::autocast::set_autocast_enabled(mode_.device.type(), false);
}

}  // namespace florigen
