#include "training/gan_trainer.h"

#include "core/error.h"
#include "core/numeric_options.h"
#include "core/random_tensors.h"
#include "data/column_rows.h"
#include "data/gan_plan.h"
#include "networks/drawing.h"
#include "objectives/generator_update.h"
#include "training/buffer_snapshot.h"
#include "training/moving_average.h"

namespace florigen {
namespace {

Objective parse_objective(const GanOptions& options) {
  return {.pairing = parse_pairing(options.objective.pairing),
          .cls_weight = options.objective.cls_weight,
          .interpolation_weight = options.objective.interpolation_weight,
          .beta = parse_beta(options.objective.interpolation_beta),
          .mode_seeking_epsilon = options.objective.mode_seeking_epsilon,
          .contrastive = options.objective.contrastive,
          .guide = options.guide ? options.guide->term : ContrastiveOptions{},
          .critic_weight = options.guide ? options.guide->critic_weight : 0,
          .augmentation = options.augmentation};
}

void check_temperature(const char* term, const ContrastiveOptions& options) {
  if (options.weight > 0 && options.temperature <= 0) {
    throw_must_be(ErrorCode::kUsage, std::string(term) + ".temperature", "above 0",
                  std::to_string(options.temperature));
  }
}

void check_guide(const GanOptions& options) {
  if (!options.guide) return;
  const ContrastiveOptions& term = options.guide->term;
  if (term.weight <= 0) {
    throw_must_be(ErrorCode::kUsage, "guide.weight", "above 0, or guide null", std::to_string(term.weight));
  }
  check_temperature("guide", term);
  if (options.guide->critic_weight < 0) {
    throw_must_be(ErrorCode::kUsage, "guide.criticWeight", "at least 0",
                  std::to_string(options.guide->critic_weight));
  }
}

void check_text(const GanOptions& options, int64_t sentence_size) {
  if (options.sentence_embeddings.has_value() == options.fine_tuning.has_value()) {
    throw_must_be(ErrorCode::kUsage, "sentenceEmbeddings", "there without fineTuning, and null with it",
                  options.sentence_embeddings ? "there" : "null");
  }
  if (sentence_size != options.network.text_size) {
    throw_must_be(ErrorCode::kUsage, "network.textSize",
                  "the width of the embeddings, " + std::to_string(sentence_size),
                  std::to_string(options.network.text_size));
  }
}

}  // namespace

GanTrainer::GanTrainer(const GanOptions& options)
    : Trainer(options.seed),
      options_(options),
      objective_(parse_objective(options)),
      device_(parse_device(options.network.machine.device)),
      dtype_(parse_dtype(options.network.machine.dtype)),
      precision_(parse_precision(options.network.machine.precision, device_)),
      generator_(make_generator(options.network, options.seed)),
      discriminator_(make_discriminator(options.network, options.seed)),
      generator_adam_(*generator_, options.adam),
      discriminator_adam_(*discriminator_, options.adam),
      source_({options.images, options.sentence_embeddings, kImageSize, dtype_, device_}),
      metrics_(device_, static_cast<int64_t>(GanMetric::kCount)) {
  if (options.fine_tuning) {
    encoder_ = std::make_unique<FineTunedEncoder>(*options.fine_tuning, options.network, options.adam);
  }
  check_temperature("contrastive", objective_.contrastive);
  check_guide(options);
  check_text(options, encoder_ ? encoder_->embedding_size() : source_.sentence_size());
  keep(named_tensors(*generator_, "generator"));
  keep(named_tensors(*discriminator_, "discriminator"));
  if (objective_.contrastive.weight > 0) {
    contrastive_ = make_contrastive_head(options.network, options.seed);
    contrastive_adam_.emplace(*contrastive_, options.adam);
    keep(named_tensors(*contrastive_, kContrastiveHead));
    keep(contrastive_adam_->state_of(kContrastiveHead));
  }
  if (options.guide) {
    guide_ = std::make_unique<Guide>(options.guide->network, options.network,
                                     options.guide->critic_weight > 0, options.seed);
    guide_adam_.emplace(guide_->head(), options.adam);
    keep(guide_->state());
    keep(guide_adam_->state_of(kGuideHead));
  }
  if (options.ema_decay > 0) {
    average_ = make_generator(options.network, options.seed);
    average_->eval();
    keep(named_tensors(*average_, "ema"));
  }
  keep(generator_adam_.state_of("generator"));
  keep(discriminator_adam_.state_of("discriminator"));
  if (encoder_) keep(encoder_->state());
  keep_progress(metrics_);
}

NumericMode GanTrainer::numeric_mode() const {
  return {device_, precision_, options_.network.machine.deterministic};
}

void GanTrainer::check(const Plan& plan) const {
  const bool mismatches = objective_.cls_weight > 0;
  check_gan_plan(plan, {.image_count = source_.image_count(),
                        .caption_count = encoder_ ? encoder_->caption_count() : source_.caption_count(),
                        .largest_crop = source_.largest_crop(),
                        .mismatched_images = mismatches && objective_.pairing == Pairing::kAuthors,
                        .mismatched_captions = mismatches && objective_.pairing == Pairing::kPaper,
                        .fine_tuning = encoder_ != nullptr,
                        .classes = contrastive_ != nullptr || guide_ != nullptr});
}

NamedLoss GanTrainer::update(const UpdateContext& context) {
  if (context.update.kind == UpdateKind::kDiscriminator) {
    return {"discriminator", discriminator_update(context)};
  }
  return {"generator", generator_update(context)};
}

SentencePair GanTrainer::sentences(const UpdateContext& context, bool with_mismatching) {
  const RowRange& rows = context.update.rows;
  if (encoder_) return encoder_->sentences(context.plan, rows, with_mismatching);
  SentencePair pair{source_.sentences(context.plan, rows, Role::kMatching), {}};
  if (with_mismatching) pair.mismatching = source_.sentences(context.plan, rows, Role::kMismatching);
  return pair;
}

torch::Tensor GanTrainer::classes(const UpdateContext& context) const {
  if (!contrastive_ && !guide_) return {};
  return column_rows(context.plan, kClass, context.update.rows, device_).flatten();
}

std::vector<torch::nn::Module*> GanTrainer::moving() const {
  std::vector<torch::nn::Module*> result{generator_.get(), discriminator_.get()};
  if (guide_) result.push_back(&guide_->head());
  return result;
}

double GanTrainer::discriminator_update(const UpdateContext& context) {
  const Plan& plan = context.plan;
  const RowRange& rows = context.update.rows;
  const bool mismatches = objective_.cls_weight > 0;
  DiscriminatorBatch batch;
  batch.images = source_.images(plan, rows, Role::kMatching);
  const SentencePair texts = sentences(context, mismatches && objective_.pairing == Pairing::kPaper);
  batch.text = texts.matching;
  batch.mismatched_text = texts.mismatching;
  batch.classes = classes(context);
  if (mismatches && objective_.pairing == Pairing::kAuthors) {
    batch.mismatched_images = source_.images(plan, rows, Role::kMismatching);
  }
  batch.noise = normal_rows({context.place.stream(Purpose::kDiscriminatorNoise), rows.count,
                             options_.network.noise_size})
                    .to(batch.text.options());

  BufferSnapshot snapshot(moving());
  const DiscriminatorLosses losses = discriminator_losses(networks(), batch, objective_, context.place);
  learn_to_match(context, losses.loss);
  snapshot.accept();

  metrics_.add(GanMetric::kDiscriminatorLoss, losses.loss);
  metrics_.add(GanMetric::kRealLoss, losses.real_loss);
  metrics_.add(GanMetric::kMismatchedLoss, losses.mismatched_loss);
  metrics_.add(GanMetric::kFakeLoss, losses.fake_loss);
  metrics_.add(GanMetric::kRealScore, losses.real_score);
  metrics_.add(GanMetric::kMismatchedScore, losses.mismatched_score);
  metrics_.add(GanMetric::kFakeScore, losses.fake_score);
  metrics_.add(GanMetric::kContrastiveLoss, losses.contrastive_loss);
  metrics_.add(GanMetric::kGuideLoss, losses.guide_loss);
  metrics_.add(GanMetric::kCriticLoss, losses.critic_loss);
  return losses.loss.item<double>();
}

void GanTrainer::learn_to_match(const UpdateContext& context, const torch::Tensor& loss) {
  const Plan& plan = context.plan;
  std::vector<torch::Tensor> parameters = discriminator_adam_.parameters();
  const auto append = [&parameters](const std::vector<torch::Tensor>& more) {
    parameters.insert(parameters.end(), more.begin(), more.end());
  };
  if (contrastive_adam_) append(contrastive_adam_->parameters());
  if (guide_adam_) append(guide_adam_->parameters());
  if (encoder_) append(encoder_->parameters());
  const auto gradients = context.gradients(loss, parameters);
  auto next = gradients.begin();
  const auto take = [&next](size_t count) {
    const auto first = next;
    next += static_cast<int64_t>(count);
    return std::vector<torch::Tensor>(first, next);
  };
  discriminator_adam_.step(take(discriminator_adam_.parameters().size()), plan.value(kLearningRate));
  if (contrastive_adam_) {
    contrastive_adam_->step(take(contrastive_adam_->parameters().size()), plan.value(kLearningRate));
  }
  if (guide_adam_) guide_adam_->step(take(guide_adam_->parameters().size()), plan.value(kLearningRate));
  if (encoder_) encoder_->step(take(encoder_->parameters().size()), plan.value(kEncoderLearningRate));
}

double GanTrainer::generator_update(const UpdateContext& context) {
  const Plan& plan = context.plan;
  torch::Tensor text;
  {
    const torch::NoGradGuard no_grad;
    text = sentences(context, /*with_mismatching=*/false).matching;
  }
  const GeneratorBatch batch{.text = text,
                             .classes = classes(context),
                             .noise_size = options_.network.noise_size,
                             .mode_seeking_weight = plan.value(kModeSeekingWeight)};
  BufferSnapshot snapshot(moving());
  const GeneratorLosses losses = generator_losses(networks(), batch, objective_, context.place);
  const auto gradients = context.gradients(losses.loss, generator_adam_.parameters());
  generator_adam_.step(gradients, plan.value(kLearningRate));
  snapshot.accept();
  if (average_) {
    update_average(*average_, *generator_, {options_.ema_decay, generator_adam_.step_count()});
  }

  metrics_.add(GanMetric::kGeneratorLoss, losses.loss);
  metrics_.add(GanMetric::kAdversarialLoss, losses.adversarial_loss);
  metrics_.add(GanMetric::kModeSeekingLoss, losses.mode_seeking_loss);
  metrics_.add(GanMetric::kGeneratorScore, losses.score);
  metrics_.add(GanMetric::kGeneratorContrastiveLoss, losses.contrastive_loss);
  metrics_.add(GanMetric::kGeneratorGuideLoss, losses.guide_loss);
  metrics_.add(GanMetric::kGeneratorCriticLoss, losses.critic_loss);
  return losses.loss.item<double>();
}

std::vector<uint8_t> GanTrainer::sample(const float* sentences, const std::vector<uint32_t>& seeds) {
  const NumericModeScope mode(numeric_mode());
  return draw_rgb(average_ ? *average_ : *generator_, options_.network, {sentences, seeds});
}

}  // namespace florigen
