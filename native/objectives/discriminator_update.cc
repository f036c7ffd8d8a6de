#include "objectives/discriminator_update.h"

#include "objectives/contrastive.h"
#include "objectives/critic.h"
#include "objectives/losses.h"

namespace florigen {
namespace {

enum AugmentationPass : uint32_t { kRealPass = 0, kMismatchedPass = 1, kFakePass = 2 };

/// Logits of every row's features against each of its mismatching texts, [B * mismatches, d], in one head
/// pass.
torch::Tensor against_other_texts(Discriminator& discriminator, const torch::Tensor& features,
                                  const torch::Tensor& text) {
  const int64_t mismatches = text.size(0) / features.size(0);
  return discriminator.head(mismatches == 1 ? features : features.repeat_interleave(mismatches, 0), text);
}

torch::Tensor mean_score(const torch::Tensor& logits) { return logits.detach().sigmoid().mean(); }

}  // namespace

DiscriminatorLosses discriminator_losses(const Networks& networks, const DiscriminatorBatch& batch,
                                         const Objective& objective, const UpdatePlace& place) {
  Discriminator& discriminator = networks.discriminator;
  const auto augmented = [&](const torch::Tensor& images, AugmentationPass pass) {
    return augment(images, objective.augmentation, place.augmentation(pass));
  };
  torch::Tensor fake;
  {
    const torch::NoGradGuard no_grad;
    fake = networks.generator.forward(batch.noise, batch.text);
  }

  const torch::Tensor features = discriminator.trunk(augmented(batch.images, kRealPass));
  const torch::Tensor real_logits = discriminator.head(features, batch.text);
  torch::Tensor mismatched_logits;
  if (objective.cls_weight > 0) {
    mismatched_logits =
        objective.pairing == Pairing::kAuthors
            ? discriminator.head(discriminator.trunk(augmented(batch.mismatched_images, kMismatchedPass)),
                                 batch.text)
            : against_other_texts(discriminator, features, batch.mismatched_text);
  }
  const torch::Tensor fake_logits =
      discriminator.head(discriminator.trunk(augmented(fake, kFakePass)), batch.text.detach());

  DiscriminatorLosses losses;
  const torch::Tensor real_loss = loss_against_one(real_logits).mean();
  const torch::Tensor fake_loss = loss_against_zero(fake_logits).mean();
  losses.loss = real_loss + (1 - objective.cls_weight) * fake_loss;
  if (mismatched_logits.defined()) {
    const torch::Tensor mismatched_loss = loss_against_zero(mismatched_logits).mean();
    losses.mismatched_loss = add_term(losses.loss, objective.cls_weight, mismatched_loss);
    losses.mismatched_score = mean_score(mismatched_logits);
  }
  if (networks.contrastive != nullptr) {
    const torch::Tensor cosines = networks.contrastive->cosines(features, batch.text);
    losses.contrastive_loss =
        add_term(losses.loss, objective.contrastive.weight,
                 contrastive_loss(cosines, batch.classes, objective.contrastive.temperature));
  }
  if (networks.guide != nullptr) {
    const GuideView lesson = networks.guide->lesson(batch.images, fake, batch.text.detach());
    losses.guide_loss = add_term(
        losses.loss, 1, contrastive_loss(lesson.cosines, batch.classes, objective.guide.temperature));
    if (objective.critic_weight > 0) {
      losses.critic_loss = add_term(losses.loss, 1, critic_loss(lesson.critic_logits, batch.images.size(0)));
    }
  }
  losses.real_loss = real_loss.detach();
  losses.fake_loss = fake_loss.detach();
  losses.real_score = mean_score(real_logits);
  losses.fake_score = mean_score(fake_logits);
  return losses;
}

}  // namespace florigen
