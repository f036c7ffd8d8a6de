#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/precision.h"
#include "data/resident_source.h"
#include "networks/contrastive_head.h"
#include "networks/family.h"
#include "networks/guide.h"
#include "objectives/discriminator_update.h"
#include "training/adam.h"
#include "training/fine_tuned_encoder.h"
#include "training/gan_options.h"
#include "training/metric_sums.h"
#include "training/trainer.h"

namespace florigen {

/// The metrics of a GAN's step in the order of the state tensors (docs/step.md, section 10).
enum class GanMetric : int64_t {
  kDiscriminatorLoss,
  kRealLoss,
  kMismatchedLoss,
  kFakeLoss,
  kRealScore,
  kMismatchedScore,
  kFakeScore,
  kGeneratorLoss,
  kAdversarialLoss,
  kModeSeekingLoss,
  kGeneratorScore,
  kContrastiveLoss,
  kGeneratorContrastiveLoss,
  kGuideLoss,
  kGeneratorGuideLoss,
  kCriticLoss,
  kGeneratorCriticLoss,
  kCount,
};

/// Networks, optimizers and data of one GAN. Its updates are of the kinds discriminator and generator.
class GanTrainer : public Trainer {
 public:
  explicit GanTrainer(const GanOptions& options);

  /// RGB bytes [n, 64, 64, 3] from the average where there is one, evaluation mode. `sentences` is [n, d].
  std::vector<uint8_t> sample(const float* sentences, const std::vector<uint32_t>& seeds);

 protected:
  void check(const Plan& plan) const override;
  NamedLoss update(const UpdateContext& context) override;
  NumericMode numeric_mode() const override;

 private:
  SentencePair sentences(const UpdateContext& context, bool with_mismatching);
  torch::Tensor classes(const UpdateContext& context) const;
  Networks networks() { return {*generator_, *discriminator_, contrastive_.get(), guide_.get()}; }
  /// Networks whose passes move running statistics.
  std::vector<torch::nn::Module*> moving() const;
  double discriminator_update(const UpdateContext& context);
  /// A step of the discriminator, of the heads that there are, and of the encoder where it is fine-tuned; of
  /// all or of none.
  void learn_to_match(const UpdateContext& context, const torch::Tensor& loss);
  double generator_update(const UpdateContext& context);

  GanOptions options_;
  Objective objective_;
  torch::Device device_;
  torch::Dtype dtype_;
  Precision precision_;
  std::shared_ptr<Generator> generator_;
  std::shared_ptr<Discriminator> discriminator_;
  std::shared_ptr<ContrastiveHead> contrastive_;  ///< null without that term
  std::unique_ptr<Guide> guide_;                  ///< null without that term
  std::shared_ptr<Generator> average_;            ///< null without EMA
  Adam generator_adam_;
  Adam discriminator_adam_;
  std::optional<Adam> contrastive_adam_;
  std::optional<Adam> guide_adam_;
  ResidentSource source_;
  std::unique_ptr<FineTunedEncoder> encoder_;  ///< null where the embeddings are data
  MetricSums metrics_;
};

}  // namespace florigen
