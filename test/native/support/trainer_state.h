#pragma once

#include <torch/types.h>

#include <string>
#include <vector>

#include "training/trainer.h"

namespace florigen::testing {

/// Runs steps `first .. last - 1` to their end.
void run_steps(Trainer& trainer, const Plan& plan, int64_t first, int64_t last);
/// Runs the whole plan.
void run_all(Trainer& trainer, const Plan& plan);

/// A tensor of the state on the CPU.
torch::Tensor state_tensor(const Trainer& trainer, const std::string& name);
std::vector<std::string> state_names(const Trainer& trainer);
/// Copies every tensor of the state but `left_out` through its bytes, as a checkpoint does.
void copy_state(const Trainer& from, Trainer& to, const std::string& left_out = "");
/// The names of the tensors that are not the same bytes.
std::vector<std::string> differing_tensors(const Trainer& a, const Trainer& b);

}  // namespace florigen::testing
