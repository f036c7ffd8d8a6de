#pragma once

#include <memory>
#include <vector>

#include "core/precision.h"
#include "data/labelled_source.h"
#include "networks/googlenet/googlenet.h"
#include "training/metric_sums.h"
#include "training/optimizer.h"
#include "training/trainer.h"

namespace florigen {

/// All that a feature network's trainer is made from; every field is given by TypeScript.
struct FeatureTrainerOptions {
  FeatureNetworkOptions network;
  uint32_t seed;
  TensorRef images;                  ///< U8 [images, side, side, 3]
  TensorRef labels;                  ///< I32 [images, heads], -1 for none
  std::vector<double> head_weights;  ///< one for each head
  int64_t crop_side;                 ///< pixels
  OptimizerOptions optimizer;
};

/// Trains a feature network as a classifier, by any number of heads (docs/features-step.md).
class FeatureTrainer : public Trainer {
 public:
  explicit FeatureTrainer(const FeatureTrainerOptions& options);

 protected:
  void check(const Plan& plan) const override;
  NamedLoss update(const UpdateContext& context) override;
  NumericMode numeric_mode() const override;

 private:
  FeatureTrainerOptions options_;
  torch::Device device_;
  Precision precision_;
  std::shared_ptr<googlenet::GoogLeNet> network_;
  std::unique_ptr<Optimizer> optimizer_;
  LabelledSource source_;
  MetricSums metrics_;  ///< the loss, and the accuracy of each head
};

}  // namespace florigen
