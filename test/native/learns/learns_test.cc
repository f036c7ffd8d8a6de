// A tiny run must learn what its pictures and captions say, and a control that cannot know must miss the same
// bound.

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <fstream>

#include "data/gan_plan.h"
#include "support/one_thread.h"
#include "support/parity.h"
#include "support/step_case.h"

namespace florigen::testing {
namespace {

constexpr int64_t kImages = 16, kSide = 64, kTextSize = 16, kRows = 8;
constexpr int64_t kSteps = 200;
/// Red minus blue of a real red picture less that of a real blue one, in bytes.
constexpr double kColorDifference = 2 * 160;
/// The mean of the green channel, which all pictures share; untrained networks draw 127.
constexpr double kGreen = 60;

/// Pictures 0, 2, 4, ... are red and caption 0 says so; the others are blue, as caption 1 says.
class TwoColors {
 public:
  TwoColors()
      : path_(std::filesystem::temp_directory_path() / ("florigen-learns-" + std::to_string(getpid()))) {
    const torch::Tensor number = torch::arange(kImages);
    const torch::Tensor red = number.remainder(2).eq(0).view({-1, 1, 1});
    const torch::Tensor place = torch::arange(kSide).unsqueeze(1) + torch::arange(kSide).unsqueeze(0);
    const torch::Tensor shade = (place.unsqueeze(0) * (1 + number.view({-1, 1, 1}))).remainder(41) - 20;
    const torch::Tensor images =
        torch::stack({torch::where(red, 200, 40) + shade, 60 + shade, torch::where(red, 40, 200) + shade}, 3);
    const torch::Tensor sign = torch::cat({torch::ones({kTextSize / 2}), -torch::ones({kTextSize / 2})});
    sentences_ = torch::stack({sign, -sign});
    std::ofstream file(path_, std::ios::binary);
    write(file, images.to(torch::kUInt8).contiguous());
    write(file, sentences_);
  }
  ~TwoColors() { std::remove(path_.c_str()); }
  TwoColors(const TwoColors&) = delete;
  TwoColors& operator=(const TwoColors&) = delete;

  TensorRef images() const {
    return {path_, 0, kImages * kSide * kSide * 3, "U8", {kImages, kSide, kSide, 3}};
  }
  TensorRef sentences() const { return {path_, images().bytes, 2 * kTextSize * 4, "F32", {2, kTextSize}}; }
  const float* sentence(int64_t caption) const { return sentences_[caption].const_data_ptr<float>(); }

 private:
  static void write(std::ofstream& file, const torch::Tensor& tensor) {
    file.write(static_cast<const char*>(tensor.const_data_ptr()),
               static_cast<std::streamsize>(tensor.nbytes()));
  }
  std::filesystem::path path_;
  torch::Tensor sentences_;
};

enum class Lesson { kWhole, kCaptionsTellNothing, kCaptionsSwapped, kNoGeneratorUpdates };

/// Which caption a picture gets. Where captions tell nothing, half of each color's are wrong.
int64_t caption_of(Lesson lesson, int64_t image, int64_t row) {
  if (lesson == Lesson::kCaptionsTellNothing) return (image + row / 2) % 2;
  return (lesson == Lesson::kCaptionsSwapped ? image + 1 : image) % 2;
}

/// Each step shows four red and four blue pictures.
Plan plan_of(Lesson lesson) {
  Plan plan;
  plan.row_count = kSteps * kRows;
  plan.captions_per_image = 1;
  plan.values = {{kLearningRate, 2e-3}, {kModeSeekingWeight, 0.0}};
  for (int64_t row = 0; row < plan.row_count; ++row) {
    const auto image = static_cast<int32_t>((row + row / kRows * 3) % kImages);
    plan.columns["image"].push_back(image);
    plan.columns["class"].push_back(image % 2);
    plan.columns["captions"].push_back(static_cast<int32_t>(caption_of(lesson, image, row)));
    plan.columns["mismatchedImage"].push_back((image + 1) % kImages);
    for (const char* name :
         {"cropX", "cropY", "mismatchedCropX", "mismatchedCropY", "flip", "mismatchedFlip"}) {
      plan.columns[name].push_back(0);
    }
  }
  plan.step_start.push_back(0);
  for (int32_t step = 0; step < kSteps; ++step) {
    const int32_t first = step * static_cast<int32_t>(kRows);
    plan.updates.insert(plan.updates.end(), {0, first, kRows});
    if (lesson != Lesson::kNoGeneratorUpdates) plan.updates.insert(plan.updates.end(), {1, first, kRows});
    plan.step_start.push_back(static_cast<int32_t>(plan.updates.size() / 3));
  }
  return plan;
}

/// Means over pictures of one sentence, in bytes.
struct Colors {
  double red_minus_blue;
  double green;
};

Colors colors_of(GanTrainer& trainer, const float* sentence) {
  constexpr int64_t kDrawn = 8;
  std::vector<float> sentences;
  std::vector<uint32_t> seeds;
  for (uint32_t i = 0; i < kDrawn; ++i) {
    sentences.insert(sentences.end(), sentence, sentence + kTextSize);
    seeds.push_back(100 + i);
  }
  std::vector<uint8_t> bytes = trainer.sample(sentences.data(), seeds);
  const torch::Tensor mean =
      torch::from_blob(bytes.data(), {kDrawn * kSide * kSide, 3}, torch::kUInt8).to(torch::kFloat64).mean(0);
  return {(mean[0] - mean[2]).item<double>(), mean[1].item<double>()};
}

struct Learned {
  double color_share;       ///< the difference of color that the text makes, as a share of the true one
  double green_error;       ///< bytes
  double matching_gap;      ///< mean score of matching pairs less that of mismatching ones, over the run
  double contrastive_loss;  ///< mean over the run; 0 without the term
  double guide_loss;        ///< of the head on real pictures, mean over the run; 0 without the term
};

/// What says beside the logit whether text and picture fit.
struct Terms {
  double contrastive_weight;
  double guide_weight;
};

/// Eyes that were never trained: that they tell colors apart is enough, and small pictures are.
GuideOptions guide_of(double weight) {
  return {{"googlenet-small", /*input_size=*/32, /*heads=*/{}, small_network("dcgan", "float32").machine},
          {weight, 0.1},
          /*critic_weight=*/0};
}

Learned learn(const std::string& family, Lesson lesson, const Terms& terms = {0, 0}) {
  const OneThread one_thread;
  const TwoColors data;
  GanOptions options;
  options.network = small_network(family, "float32");
  options.network.generator_features = 16;
  options.network.discriminator_features = 8;
  options.seed = 11;
  options.images = data.images();
  options.sentence_embeddings = data.sentences();
  options.objective = {"authors", 0.5, 1.0, "half", 0.01, {terms.contrastive_weight, 0.1}};
  options.augmentation = {0.125, 0.5};
  options.adam = {0.5, 0.999, 1e-8};
  options.ema_decay = 0.98;
  if (terms.guide_weight > 0) options.guide = guide_of(terms.guide_weight);
  GanTrainer trainer(options);
  write_eyes(trainer);
  run_all(trainer, plan_of(lesson));
  const Colors red = colors_of(trainer, data.sentence(0));
  const Colors blue = colors_of(trainer, data.sentence(1));
  const torch::Tensor sums = state_tensor(trainer, "progress.metric_sums");
  const auto mean = [&](GanMetric metric) {
    return sums[static_cast<int64_t>(metric)].item<double>() / kSteps;
  };
  const Learned learned{(red.red_minus_blue - blue.red_minus_blue) / kColorDifference,
                        std::abs((red.green + blue.green) / 2 - kGreen),
                        mean(GanMetric::kRealScore) - mean(GanMetric::kMismatchedScore),
                        mean(GanMetric::kContrastiveLoss), mean(GanMetric::kGuideLoss)};
  std::printf(
      "color share %.2f, green error %.0f, matching gap %.2f, contrastive loss %.2f, guide loss %.2f\n",
      learned.color_share, learned.green_error, learned.matching_gap, learned.contrastive_loss,
      learned.guide_loss);
  return learned;
}

// The bounds lie between what whole lessons and controls reached: color shares of 0.41 and more against at
// most 0.08, matching gaps above 0.5 against at most 0.02, green errors of 3 to 44 against 58 and more. The
// long average is what keeps controls low (0.25 to 0.30 with a decay of 0.9); rounding alone, another
// processor's or float64's, moves the share of a whole lesson between 0.41 and 0.99.
constexpr double kLeastShare = 0.25;
constexpr double kLeastGap = 0.25;
constexpr double kGreatestError = 50;
constexpr double kGreatestContrast = 1;

TEST(Learns, Reed2016WhatTextSays) {
  const Learned learned = learn("reed2016", Lesson::kWhole);
  EXPECT_GT(learned.color_share, kLeastShare);
  EXPECT_GT(learned.matching_gap, kLeastGap);
  EXPECT_LT(learned.green_error, kGreatestError);
}

TEST(Learns, Reed2016NothingFromCaptionsThatTellNothing) {
  const Learned learned = learn("reed2016", Lesson::kCaptionsTellNothing);
  EXPECT_LT(std::abs(learned.color_share), kLeastShare);
  EXPECT_LT(std::abs(learned.matching_gap), kLeastGap);
}

TEST(Learns, ModulatedWhatTextSays) {
  const Learned learned = learn("modulated", Lesson::kWhole);
  EXPECT_GT(learned.color_share, kLeastShare);
  EXPECT_GT(learned.matching_gap, kLeastGap);
  EXPECT_LT(learned.green_error, kGreatestError);
}

// Where captions tell nothing, this generator takes the text for one more noise and lets it choose the color,
// of either sign (-1.09 with this seed). What shows that the color comes from the captions is the opposite
// one.
TEST(Learns, ModulatedNothingFromCaptionsThatTellNothing) {
  EXPECT_LT(std::abs(learn("modulated", Lesson::kCaptionsTellNothing).matching_gap), kLeastGap);
}

TEST(Learns, ModulatedTheOppositeFromSwappedCaptions) {
  const Learned learned = learn("modulated", Lesson::kCaptionsSwapped);
  EXPECT_LT(learned.color_share, -kLeastShare);
  EXPECT_GT(learned.matching_gap, kLeastGap);
}

// The plain pair scores image and text by one convolution over both, so a logit is a sum of a number of the
// image and a number of the text: it cannot learn which belong together (docs/decisions.md), and its
// generator is told only what pictures look like.
TEST(Learns, DcganWhatPicturesLookLike) {
  const Learned learned = learn("dcgan", Lesson::kWhole);
  EXPECT_LT(learned.green_error, kGreatestError);
  EXPECT_LT(std::abs(learned.matching_gap), kLeastGap);
}

// The head of the contrastive term can, by the angle between both. Four texts compete with a row's own, so
// that guessing costs log 5 = 1.61.
TEST(Learns, AContrastiveHeadWhichTextFits) {
  EXPECT_LT(learn("dcgan", Lesson::kWhole, {.contrastive_weight = 1, .guide_weight = 0}).contrastive_loss,
            kGreatestContrast);
}

TEST(Learns, AContrastiveHeadNothingFromCaptionsThatTellNothing) {
  EXPECT_GT(learn("dcgan", Lesson::kCaptionsTellNothing, {.contrastive_weight = 1, .guide_weight = 0})
                .contrastive_loss,
            kGreatestContrast);
}

// By what a guide says, the generator of the plain pair draws what its discriminator cannot ask for. Without
// it this generator too takes the text for one more noise.
constexpr Terms kGuide{.contrastive_weight = 0, .guide_weight = 1};

TEST(Learns, DcganWhatTextSaysByAGuide) {
  const Learned learned = learn("dcgan", Lesson::kWhole, kGuide);
  EXPECT_LT(learned.guide_loss, kGreatestContrast);
  EXPECT_GT(learned.color_share, kLeastShare);
  EXPECT_LT(std::abs(learned.matching_gap), kLeastGap);
}

TEST(Learns, DcganTheOppositeByAGuideFromSwappedCaptions) {
  EXPECT_LT(learn("dcgan", Lesson::kCaptionsSwapped, kGuide).color_share, -kLeastShare);
}

TEST(Learns, AGuideNothingFromCaptionsThatTellNothing) {
  EXPECT_GT(learn("dcgan", Lesson::kCaptionsTellNothing, kGuide).guide_loss, kGreatestContrast);
}

TEST(Learns, NothingWithoutGeneratorUpdates) {
  for (const char* family : {"reed2016", "dcgan", "modulated"}) {
    EXPECT_GT(learn(family, Lesson::kNoGeneratorUpdates).green_error, kGreatestError) << family;
  }
}

}  // namespace
}  // namespace florigen::testing
