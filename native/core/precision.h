#pragma once

#include <torch/types.h>

#include <string>

#include "core/machine_options.h"

namespace florigen {

/// How float32 work is rounded. It is recorded with every run; parity tests use ieee.
enum class Precision {
  kIeee,  ///< float32 throughout
  kTf32,  ///< CUDA: matrix products and convolutions in TF32
  kBf16,  ///< autocast of matrix products and convolutions to bfloat16
};

/// "ieee", "tf32" or "bf16"; refuses what the device cannot do or does only in slow motion.
Precision parse_precision(const std::string& name, torch::Device device);

struct NumericMode {
  torch::Device device;
  Precision precision;
  bool deterministic;
};

/// The mode that a network's options ask for; refuses what the machine has not or cannot do.
NumericMode parse_numeric_mode(const MachineOptions& options);

/// While it lives, work runs in the given mode. Two objects of different modes may take turns on the engine
/// thread.
class NumericModeScope {
 public:
  explicit NumericModeScope(const NumericMode& mode);
  NumericModeScope(const NumericModeScope&) = delete;
  NumericModeScope& operator=(const NumericModeScope&) = delete;
  ~NumericModeScope();

 private:
  NumericMode mode_;
};

}  // namespace florigen
