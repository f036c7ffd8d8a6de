#pragma once

#include <string>

namespace florigen {

/// Where a network computes, and how its numbers are rounded. Every field is given by TypeScript.
struct MachineOptions {
  std::string dtype;      ///< float32 or float64
  std::string device;     ///< cpu or cuda
  std::string precision;  ///< ieee, tf32 or bf16
  bool deterministic;     ///< on CUDA: deterministic algorithms only
};

}  // namespace florigen
