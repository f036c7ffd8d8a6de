// Same seed, same bits; an interruption changes nothing; no random number generator but Philox.

#include <ATen/Context.h>
#include <ATen/Generator.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <map>

#include "core/named_tensor.h"
#include "networks/family.h"
#include "support/parity.h"
#include "support/step_case.h"

namespace florigen::testing {
namespace {

/// Of a GAN everything on: averaged weights, augmentation, mode seeking, the contrastive term, the guide.
class SameBits : public ::testing::TestWithParam<std::string> {
 protected:
  std::unique_ptr<Trainer> make(uint32_t seed_offset = 0) const {
    return make_trainer(fixture_, "float32", seed_offset);
  }

  Fixture fixture_{GetParam()};
  Plan plan_ = plan_of(fixture_);
};

TEST_P(SameBits, SameSeedTwice) {
  const auto a = make();
  const auto b = make();
  run_all(*a, plan_);
  run_all(*b, plan_);
  EXPECT_EQ(differing_tensors(*a, *b), std::vector<std::string>{});
}

TEST_P(SameBits, AnotherSeedMovesEveryWeight) {
  const auto a = make();
  const auto b = make(/*seed_offset=*/1);
  run_all(*a, plan_);
  run_all(*b, plan_);
  // All but the counters and the eyes of the guide, which are given.
  for (const std::string& name : state_names(*a)) {
    if (name.find(".weight") != std::string::npos && name.rfind("guide.eyes.", 0) != 0) {
      EXPECT_NE(a->read_state(name), b->read_state(name)) << name;
    }
  }
}

TEST_P(SameBits, InterruptedAtEveryStepEqualsInOnePiece) {
  const auto whole = make();
  run_all(*whole, plan_);
  for (int64_t stop = 0; stop <= plan_.step_count(); ++stop) {
    const auto before = make();
    run_steps(*before, plan_, 0, stop);
    const auto after = make();
    copy_state(*before, *after);
    run_steps(*after, plan_, stop, plan_.step_count());
    EXPECT_EQ(differing_tensors(*whole, *after), std::vector<std::string>{})
        << "stopped before step " << stop;
  }
}

/// The part of the state that a tensor belongs to: its name without what names a layer.
std::string part_of(const std::string& name) {
  const bool of_optimizer = name.rfind("adam.", 0) == 0 || name.rfind("rmsprop.", 0) == 0;
  // `guide.head` is one network, `guide.eyes` another.
  const int levels = (of_optimizer ? 3 : 1) + (name.find("guide.") != std::string::npos ? 1 : 0);
  size_t end = 0;
  for (int i = 0; i < levels && end != std::string::npos; ++i) end = name.find('.', end + 1);
  const bool whole = end == std::string::npos || name.rfind("progress.", 0) == 0;
  return whole ? name : name.substr(0, end) + name.substr(name.rfind('.'));
}

TEST_P(SameBits, EveryPartOfTheStateMatters) {
  const auto whole = make();
  run_all(*whole, plan_);
  const auto before = make();
  run_steps(*before, plan_, 0, 2);
  std::map<std::string, std::string> parts;
  for (const std::string& name : state_names(*before)) parts[part_of(name)] = name;
  // Leaving out any part of the copy must show: otherwise the comparison above proves nothing about it.
  // The average's own counters are copied from the generator at every update.
  parts.erase("ema.num_batches_tracked");
  for (const auto& [part, left_out] : parts) {
    const auto after = make();
    if (before->read_state(left_out) == after->read_state(left_out)) continue;
    copy_state(*before, *after, left_out);
    run_steps(*after, plan_, 2, plan_.step_count());
    EXPECT_NE(differing_tensors(*whole, *after), std::vector<std::string>{}) << left_out;
  }
}

TEST_P(SameBits, AtenGeneratorsDoNotMove) {
  const at::Generator& generator = at::globalContext().defaultGenerator(c10::Device(test_device()));
  const torch::Tensor before = generator.get_state().clone();
  const uint64_t seed = generator.current_seed();
  const auto trainer = make();
  run_all(*trainer, plan_);
  if (auto* gan = dynamic_cast<GanTrainer*>(trainer.get())) {
    const std::vector<float> sentences(16, 0.5F);
    gan->sample(sentences.data(), {7});
  }
  EXPECT_TRUE(torch::equal(generator.get_state(), before));
  EXPECT_EQ(generator.current_seed(), seed);
}

INSTANTIATE_TEST_SUITE_P(Cases, SameBits,
                         ::testing::Values("steps-reed2016-everything-authors",
                                           "steps-dcgan-everything-paper", "steps-dcgan-critic-steps",
                                           "steps-modulated-everything-paper",
                                           "steps-modulated-guide-everything-authors",
                                           "fine-tuned-steps-dcgan-paper-bag", "encoder-steps-sje-word",
                                           "encoder-steps-captions-word", "feature-steps"),
                         [](const auto& info) {
                           std::string name = info.param;
                           std::replace(name.begin(), name.end(), '-', '_');
                           return name;
                         });

TEST(Restoring, KeepsStridesOfChannelsLastWeights) {
  NetworkOptions options = small_network("reed2016", "float32");
  const auto generator = make_generator(options, /*seed=*/1);
  int64_t channels_last = 0;
  for (const NamedTensor& item : named_tensors(*generator, "generator")) {
    const std::vector<int64_t> strides = item.tensor.strides().vec();
    const torch::Tensor values =
        torch::arange(item.tensor.numel()).reshape(item.tensor.sizes()).to(item.tensor.scalar_type());
    assign_bytes(item, static_cast<const uint8_t*>(values.const_data_ptr()), values.nbytes());
    EXPECT_EQ(item.tensor.strides().vec(), strides) << item.name;
    EXPECT_TRUE(torch::equal(item.tensor.detach().to(torch::kCPU), values)) << item.name;
    const std::vector<uint8_t> bytes = tensor_bytes(item.tensor);
    EXPECT_EQ(std::memcmp(bytes.data(), values.const_data_ptr(), bytes.size()), 0) << item.name;
    channels_last += item.tensor.dim() == 4 && !item.tensor.is_contiguous();
  }
  EXPECT_GT(channels_last, 0) << "no weight is stored channels last, so this test shows nothing";
}

}  // namespace
}  // namespace florigen::testing
