#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/named_tensor.h"
#include "core/precision.h"
#include "data/resident_source.h"
#include "networks/family.h"
#include "training/adam.h"
#include "training/gan_options.h"
#include "training/metric_sums.h"

namespace florigen {

struct RunProgress {
  int64_t next_step;    ///< of the plan
  int64_t global_step;  ///< since the start of the run
  double discriminator_loss;
  double generator_loss;
};

struct RunResult {
  int64_t next_step;
  int64_t global_step;
  bool cancelled;
};

/// Networks, optimizers and data of one GAN, and the loop over the steps of a plan. Used by one thread at a
/// time.
class GanTrainer {
 public:
  using ShouldStop = std::function<bool()>;
  using OnProgress = std::function<void(const RunProgress&)>;

  explicit GanTrainer(const GanOptions& options);

  std::vector<TensorInfo> manifest() const { return manifest_of(state_); }
  /// Packed row-major little-endian bytes.
  std::vector<uint8_t> read_state(const std::string& name) const;
  void write_state(const std::string& name, const uint8_t* data, size_t bytes);

  /// Runs steps `first .. last - 1` of `plan`. `should_stop` is asked before each step, `on_progress` told
  /// after it. Throws kNonFinite, with nothing of the failed update kept.
  RunResult run(const Plan& plan, int64_t first, int64_t last, const ShouldStop& should_stop,
                const OnProgress& on_progress);

  /// RGB bytes [n, 64, 64, 3] from the average where there is one, evaluation mode. `sentences` is [n, d].
  std::vector<uint8_t> sample(const float* sentences, const std::vector<uint32_t>& seeds);

 private:
  struct UpdateContext;
  double discriminator_update(const UpdateContext& context);
  double generator_update(const UpdateContext& context);
  void check_range(const Plan& plan, int64_t first, int64_t last) const;
  NumericMode numeric_mode() const;

  GanOptions options_;
  Objective objective_;
  torch::Device device_;
  torch::Dtype dtype_;
  Precision precision_;
  std::shared_ptr<Generator> generator_;
  std::shared_ptr<Discriminator> discriminator_;
  std::shared_ptr<Generator> average_;  ///< null without EMA
  Adam generator_adam_;
  Adam discriminator_adam_;
  ResidentSource source_;
  MetricSums metrics_;
  torch::Tensor global_step_;  ///< int64 []
  std::vector<NamedTensor> state_;
};

}  // namespace florigen
