#pragma once

#include <cstdint>
#include <string>

#include "objectives/augmentation.h"

namespace florigen {

/// What the discriminator is shown beside right pairs and fakes.
enum class Pairing {
  kAuthors,  ///< a mismatching image with the right text (main_cls_int.lua)
  kPaper,    ///< the right image with mismatching text (Algorithm 1)
};

/// Where an interpolated text lies between two.
enum class InterpolationBeta {
  kHalf,         ///< 0.5 (the authors' interp_type 1)
  kUniform,      ///< U(0, 1)
  kExtrapolate,  ///< 0.5 plus U(-1, 1) (the authors' interp_type 2)
};

/// A term by which pictures have to find their own texts among those of a batch.
struct ContrastiveOptions {
  double weight;  ///< 0 for none
  double temperature;
};

/// The objective of both networks; GAN, GAN-CLS, GAN-INT and GAN-INT-CLS are corners (docs/step.md).
struct Objective {
  Pairing pairing;
  double cls_weight;
  double interpolation_weight;
  InterpolationBeta beta;
  double mode_seeking_epsilon;
  ContrastiveOptions contrastive;
  ContrastiveOptions guide;  ///< the generator's; the head of the guide learns at weight 1
  double critic_weight;      ///< the generator's; the critic of the guide learns at weight 1
  AugmentationOptions augmentation;
};

/// "authors" or "paper".
Pairing parse_pairing(const std::string& name);
/// "half", "uniform" or "extrapolate".
InterpolationBeta parse_beta(const std::string& name);

/// Where the random numbers of an update come from.
struct UpdatePlace {
  uint32_t seed;
  uint32_t step;    ///< steps since the start of the run
  uint32_t update;  ///< index within its step

  StreamId stream(Purpose purpose) const { return {seed, purpose, step, update, /*row=*/0}; }
  StreamId augmentation(uint32_t pass) const {
    return {seed, Purpose::kAugmentation, step, 4 * update + pass, 0};
  }
};

}  // namespace florigen
