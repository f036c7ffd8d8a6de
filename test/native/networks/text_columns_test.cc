#include <gtest/gtest.h>
#include <torch/torch.h>

#include <string>
#include <vector>

#include "networks/text/text_network.h"

namespace florigen {
namespace {

struct Shape {
  const char* architecture;
  int64_t length;
};

/// Captions of these lengths, empty columns behind them.
torch::Tensor captions_of(const std::vector<int64_t>& lengths, int64_t columns, int64_t vocabulary) {
  torch::manual_seed(11);
  torch::Tensor tokens = torch::zeros({static_cast<int64_t>(lengths.size()), columns}, torch::kInt64);
  for (size_t row = 0; row < lengths.size(); ++row) {
    tokens[static_cast<int64_t>(row)]
        .narrow(0, 0, lengths[row])
        .copy_(torch::randint(0, vocabulary + 1, {lengths[row]}));
  }
  return tokens;
}

class TextColumns : public ::testing::TestWithParam<Shape> {};

/// Training reads captions only as far as they go, evaluation to the end: both must say the same, with the
/// same gradients.
TEST_P(TextColumns, EmptyOnesNeedNotBeRead) {
  const auto [architecture, length] = GetParam();
  const TextNetworkOptions options{
      .architecture = architecture,
      .vocabulary_size = 9,
      .length = length,
      .convolution_size = 6,
      .embedding_size = 4,
      .dropout = 0,
      .machine = {.dtype = "float64", .device = "cpu", .precision = "ieee", .deterministic = true}};
  const auto network = text::make_text_network(options, /*initial_range=*/0.2, /*seed=*/5);
  for (const std::vector<int64_t>& lengths :
       {std::vector<int64_t>{0, 0}, {1, 0}, {5, 17}, {length / 2, 3}, {length - 1, 2}, {length, length}}) {
    const torch::Tensor tokens = captions_of(lengths, length, options.vocabulary_size);
    std::vector<torch::Tensor> results[2];
    for (const bool training : {false, true}) {
      network->train(training);
      network->zero_grad();
      const torch::Tensor found = network->embeddings(network->states(tokens));
      found.square().sum().backward();
      results[training] = {found.detach().clone()};
      for (const torch::Tensor& parameter : network->parameters()) {
        if (parameter.grad().defined()) results[training].push_back(parameter.grad().clone());
      }
    }
    ASSERT_EQ(results[0].size(), results[1].size());
    for (size_t i = 0; i < results[0].size(); ++i) {
      EXPECT_TRUE(torch::allclose(results[0][i], results[1][i], 1e-10, 1e-13)) << lengths[0] << ", " << i;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Architectures, TextColumns,
                         ::testing::Values(Shape{"char-cnn-rnn", 201}, Shape{"char-cnn-rnn", 90},
                                           Shape{"char-cnn-gru", 201}, Shape{"word-cnn-rnn", 30},
                                           Shape{"bag-of-words", 64}));

}  // namespace
}  // namespace florigen
