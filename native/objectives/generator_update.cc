#include "objectives/generator_update.h"

#include <vector>

#include "core/random_tensors.h"
#include "objectives/contrastive.h"
#include "objectives/critic.h"
#include "objectives/losses.h"

namespace florigen {
namespace {

constexpr uint32_t kGeneratorPass = 3;

/// The rows of the generator pass; `judged` rows, plain and interpolated, come first.
struct GeneratorRows {
  torch::Tensor noise;  ///< [judged + second, nz]
  torch::Tensor text;   ///< [judged + second, d]
  int64_t plain;
  int64_t judged;
  int64_t second;
};

/// The authors' code computes the interpolated rows also at weight 0, where they enter the batch statistics.
bool has_interpolated_rows(const Objective& objective) {
  return objective.pairing == Pairing::kAuthors || objective.interpolation_weight > 0;
}

/// Texts between rows j and j + B/2: [B/2, d].
torch::Tensor interpolated_text(const torch::Tensor& text, InterpolationBeta beta, const UpdatePlace& place) {
  const int64_t half = text.size(0) / 2;
  const torch::Tensor a = text.narrow(0, 0, half);
  const torch::Tensor b = text.narrow(0, half, half);
  if (beta == InterpolationBeta::kHalf) return 0.5 * a + 0.5 * b;
  const torch::Tensor uniform =
      uniform_rows({place.stream(Purpose::kInterpolation), half, /*columns=*/1}).to(text.options());
  if (beta == InterpolationBeta::kUniform) return uniform * a + (1 - uniform) * b;
  return 0.5 * a + 0.5 * b + (2 * uniform - 1) * (b - a);
}

GeneratorRows make_rows(const GeneratorBatch& batch, const Objective& objective, const UpdatePlace& place) {
  const int64_t rows = batch.text.size(0);
  GeneratorRows result{.noise = {}, .text = {}, .plain = rows, .judged = rows, .second = 0};
  std::vector<torch::Tensor> texts{batch.text};
  if (has_interpolated_rows(objective)) {
    texts.push_back(interpolated_text(batch.text, objective.beta, place));
    result.judged += rows / 2;
  }
  std::vector<torch::Tensor> noises{
      normal_rows({place.stream(Purpose::kGeneratorNoise), result.judged, batch.noise_size})};
  if (batch.mode_seeking_weight > 0) {
    result.second = rows / 2;
    texts.push_back(batch.text.narrow(0, 0, result.second));
    noises.push_back(
        normal_rows({place.stream(Purpose::kModeSeekingNoise), result.second, batch.noise_size}));
  }
  result.noise = torch::cat(noises).to(batch.text.options());
  result.text = torch::cat(texts);
  return result;
}

torch::Tensor adversarial_loss(const torch::Tensor& logits, int64_t plain, const Objective& objective) {
  const torch::Tensor losses = loss_against_one(logits);
  const torch::Tensor plain_losses = losses.narrow(0, 0, plain);
  const int64_t interpolated = losses.size(0) - plain;
  if (interpolated == 0) return plain_losses.mean();
  const torch::Tensor interpolated_losses = losses.narrow(0, plain, interpolated);
  const double weight = objective.interpolation_weight;
  if (objective.pairing == Pairing::kPaper) return plain_losses.mean() + weight * interpolated_losses.mean();
  return (plain_losses.sum() + weight * interpolated_losses.sum()) / static_cast<double>(losses.size(0));
}

}  // namespace

GeneratorLosses generator_losses(const Networks& networks, const GeneratorBatch& batch,
                                 const Objective& objective, const UpdatePlace& place) {
  const GeneratorRows rows = make_rows(batch, objective, place);
  const torch::Tensor images = networks.generator.forward(rows.noise, rows.text);
  const torch::Tensor judged =
      augment(images.narrow(0, 0, rows.judged), objective.augmentation, place.augmentation(kGeneratorPass));
  const torch::Tensor features = networks.discriminator.trunk(judged);
  const torch::Tensor logits = networks.discriminator.head(features, rows.text.narrow(0, 0, rows.judged));

  GeneratorLosses losses;
  losses.loss = adversarial_loss(logits, rows.plain, objective);
  losses.adversarial_loss = losses.loss.detach();
  losses.score = logits.detach().narrow(0, 0, rows.plain).sigmoid().mean();
  if (rows.second > 0) {
    const auto first = [&](const torch::Tensor& values) { return values.narrow(0, 0, rows.second); };
    const auto second = [&](const torch::Tensor& values) {
      return values.narrow(0, rows.judged, rows.second);
    };
    const torch::Tensor term =
        mode_seeking_loss({first(images), second(images), first(rows.noise), second(rows.noise)},
                          objective.mode_seeking_epsilon);
    losses.mode_seeking_loss = add_term(losses.loss, batch.mode_seeking_weight, term);
  }
  if (networks.contrastive != nullptr) {
    const torch::Tensor cosines =
        networks.contrastive->cosines(features.narrow(0, 0, rows.plain), batch.text);
    losses.contrastive_loss =
        add_term(losses.loss, objective.contrastive.weight,
                 contrastive_loss(cosines, batch.classes, objective.contrastive.temperature));
  }
  if (networks.guide != nullptr) {
    const GuideView judgement = networks.guide->judgement(images.narrow(0, 0, rows.plain), batch.text);
    losses.guide_loss =
        add_term(losses.loss, objective.guide.weight,
                 contrastive_loss(judgement.cosines, batch.classes, objective.guide.temperature));
    if (objective.critic_weight > 0) {
      losses.critic_loss =
          add_term(losses.loss, objective.critic_weight, critic_loss(judgement.critic_logits, rows.plain));
    }
  }
  return losses;
}

}  // namespace florigen
