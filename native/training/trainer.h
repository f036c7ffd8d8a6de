#pragma once

#include <functional>
#include <string>
#include <vector>

#include "core/named_tensor.h"
#include "core/precision.h"
#include "training/metric_sums.h"
#include "training/update_context.h"

namespace florigen {

/// The loss of an update under its public name, as progress carries it.
struct NamedLoss {
  const char* name;
  double value;
};

struct RunProgress {
  int64_t next_step;    ///< of the plan
  int64_t global_step;  ///< since the start of the run
  std::vector<NamedLoss> losses;
};

struct RunResult {
  int64_t next_step;
  int64_t global_step;
  bool cancelled;
};

/// Networks, optimizers and data of something that is trained, and the loop over the steps of a plan. What is
/// trained says what one update does; state, order of steps, cancelling and refusals are the same for all.
/// Used by one thread at a time.
class Trainer {
 public:
  using ShouldStop = std::function<bool()>;
  using OnProgress = std::function<void(const RunProgress&)>;

  virtual ~Trainer() = default;

  std::vector<TensorInfo> manifest() const { return manifest_of(state_); }
  /// Packed row-major little-endian bytes.
  std::vector<uint8_t> read_state(const std::string& name) const;
  void write_state(const std::string& name, const uint8_t* data, size_t bytes);

  /// Runs steps `first .. last - 1` of `plan`. `should_stop` is asked before each step, `on_progress` told
  /// after it. Throws kNonFinite, with nothing of the failed update kept.
  RunResult run(const Plan& plan, int64_t first, int64_t last, const ShouldStop& should_stop,
                const OnProgress& on_progress);

 protected:
  explicit Trainer(uint32_t seed);

  /// Throws kUsage unless every column and update of the plan fits the data.
  virtual void check(const Plan& plan) const = 0;
  /// One update. The numeric mode is on for as long as it takes.
  virtual NamedLoss update(const UpdateContext& context) = 0;
  virtual NumericMode numeric_mode() const = 0;

  /// Adds tensors to what is saved and restored.
  void keep(std::vector<NamedTensor> tensors);
  /// The count of steps and the sums of metrics, after everything else.
  void keep_progress(const MetricSums& metrics);

 private:
  uint32_t seed_;
  torch::Tensor global_step_;  ///< int64 []
  std::vector<NamedTensor> state_;
};

}  // namespace florigen
