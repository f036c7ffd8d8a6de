#pragma once

#include <memory>
#include <string>
#include <vector>

#include "support/fixture.h"
#include "training/gan_trainer.h"

namespace florigen::testing {

/// Options of a `steps-*` fixture, in `dtype`, over the images and embeddings of the `data` fixture.
GanOptions options_of(const Fixture& fixture, const std::string& dtype = "float64");
/// The plan of a `steps-*` fixture.
Plan plan_of(const Fixture& fixture);

/// Runs steps `first .. last - 1` to their end.
void run_steps(GanTrainer& trainer, const Plan& plan, int64_t first, int64_t last);
/// Runs the whole plan.
void run_all(GanTrainer& trainer, const Plan& plan);

/// A tensor of the state on the CPU.
torch::Tensor state_tensor(const GanTrainer& trainer, const std::string& name);
std::vector<std::string> state_names(const GanTrainer& trainer);
/// Copies every tensor of the state but `left_out` through its bytes, as a checkpoint does.
void copy_state(const GanTrainer& from, GanTrainer& to, const std::string& left_out = "");
/// The names of the tensors that are not the same bytes.
std::vector<std::string> differing_tensors(const GanTrainer& a, const GanTrainer& b);

}  // namespace florigen::testing
