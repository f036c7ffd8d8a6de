#include "support/trainer_state.h"

#include <cstring>

#include "core/numeric_options.h"

namespace florigen::testing {

void run_steps(Trainer& trainer, const Plan& plan, int64_t first, int64_t last) {
  trainer.run(plan, first, last, [] { return false; }, [](const RunProgress&) {});
}

void run_all(Trainer& trainer, const Plan& plan) { run_steps(trainer, plan, 0, plan.step_count()); }

torch::Tensor state_tensor(const Trainer& trainer, const std::string& name) {
  for (const TensorInfo& info : trainer.manifest()) {
    if (info.name != name) continue;
    torch::Tensor tensor = torch::empty(info.shape, parse_dtype_name(info.dtype));
    const std::vector<uint8_t> bytes = trainer.read_state(name);
    TORCH_CHECK(bytes.size() == tensor.nbytes(), name, " has ", bytes.size(), " bytes");
    std::memcpy(tensor.mutable_data_ptr(), bytes.data(), bytes.size());
    return tensor;
  }
  TORCH_CHECK(false, "the state has no tensor ", name);
}

std::vector<std::string> state_names(const Trainer& trainer) {
  std::vector<std::string> names;
  for (const TensorInfo& info : trainer.manifest()) names.push_back(info.name);
  return names;
}

void copy_state(const Trainer& from, Trainer& to, const std::string& left_out) {
  for (const std::string& name : state_names(from)) {
    if (name == left_out) continue;
    const std::vector<uint8_t> bytes = from.read_state(name);
    to.write_state(name, bytes.data(), bytes.size());
  }
}

std::vector<std::string> differing_tensors(const Trainer& a, const Trainer& b) {
  std::vector<std::string> differing;
  for (const std::string& name : state_names(a)) {
    if (a.read_state(name) != b.read_state(name)) differing.push_back(name);
  }
  return differing;
}

}  // namespace florigen::testing
