#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "core/tensor_ref.h"
#include "networks/googlenet/feature_network_options.h"
#include "networks/network_options.h"
#include "networks/text/text_network_options.h"
#include "objectives/objective_options.h"
#include "training/adam.h"

namespace florigen {

/// The objective as the boundary spells it.
struct ObjectiveOptions {
  std::string pairing;
  double cls_weight;
  double interpolation_weight;
  std::string interpolation_beta;
  double mode_seeking_epsilon;
  ContrastiveOptions contrastive;
};

/// A text network that trains with the discriminator (docs/step.md, section 11). Its weights are written
/// before the first step.
struct FineTuningOptions {
  TextNetworkOptions network;
  TensorRef tokens;  ///< I32 [captions, length]
};

/// A feature network that judges what the generator draws (docs/step.md, section 15). Its weights are written
/// before the first step.
struct GuideOptions {
  FeatureNetworkOptions network;
  ContrastiveOptions term;
  double critic_weight;  ///< 0 for no critic
};

/// All that a trainer is made from; every field is given by TypeScript.
struct GanOptions {
  NetworkOptions network;
  uint32_t seed;
  TensorRef images;                              ///< U8 [n, side, side, 3]
  std::optional<TensorRef> sentence_embeddings;  ///< F32 [captions, d]; none with fine-tuning
  std::optional<FineTuningOptions> fine_tuning;
  std::optional<GuideOptions> guide;
  ObjectiveOptions objective;
  AugmentationOptions augmentation;
  AdamOptions adam;
  double ema_decay;  ///< 0 for no average
};

}  // namespace florigen
