#include <gtest/gtest.h>

#include "core/error.h"
#include "networks/text/text_network.h"

namespace florigen {
namespace {

TextNetworkOptions released(const std::string& architecture, int64_t convolution_size) {
  return {architecture, 70, 201, convolution_size, 1024, 0, {"float32", "cpu", "ieee", true}};
}

int64_t parameter_count(const TextNetworkOptions& options) {
  int64_t count = 0;
  for (const torch::Tensor& parameter : text::make_text_network(options, 0.08, 1)->parameters()) {
    count += parameter.numel();
  }
  return count;
}

TEST(TextNetwork, HasTheParametersOfTheReleasedEncoders) {
  EXPECT_EQ(parameter_count(released("char-cnn-rnn", 256)), 1814144);
  EXPECT_EQ(parameter_count(released("char-cnn-rnn", 512)), 2994560);
  EXPECT_EQ(parameter_count(released("char-cnn-gru", 512)), 4045184);
}

TEST(TextNetwork, StepsAsReleased) {
  EXPECT_EQ(text::steps_of(text::find_architecture("char-cnn-rnn"), 201), 8);
  EXPECT_EQ(text::steps_of(text::find_architecture("char-cnn-gru"), 201), 18);
  EXPECT_EQ(text::steps_of(text::find_architecture("word-cnn-rnn"), 30), 8);
}

TEST(TextNetwork, ShortestLengthIsTakenAndOneLessRefused) {
  for (const std::string name : {"char-cnn-rnn", "char-cnn-gru", "word-cnn-rnn"}) {
    int64_t shortest = 1;
    while (text::steps_of(text::find_architecture(name), shortest) < 1) ++shortest;
    TextNetworkOptions options = released(name, 8);
    options.length = shortest;
    const auto network = text::make_text_network(options, 0.08, 1);
    const torch::Tensor tokens = torch::ones({2, shortest}, torch::kInt64);
    EXPECT_EQ(network->embeddings(network->states(tokens)).sizes(), (std::vector<int64_t>{2, 1024})) << name;
    options.length = shortest - 1;
    EXPECT_THROW(text::make_text_network(options, 0.08, 1), Error) << name;
  }
}

TEST(TextNetwork, InitialValuesFillTheRangeAndNoMore) {
  const auto network = text::make_text_network(released("word-cnn-rnn", 64), 0.08, 1);
  for (const auto& item : network->named_parameters()) {
    EXPECT_LE(item.value().abs().max().item<float>(), 0.08F) << item.key();
    EXPECT_GT(item.value().abs().max().item<float>(), 0.07F) << item.key();
  }
}

TEST(TextNetwork, ATokenOutsideTheVocabularyIsRefused) {
  EXPECT_NO_THROW(text::check_tokens(torch::tensor({0, 70}), 70));
  EXPECT_THROW(text::check_tokens(torch::tensor({0, 71}), 70), Error);
  EXPECT_THROW(text::check_tokens(torch::tensor({-1, 3}), 70), Error);
}

TEST(TextNetwork, PaddingIsNoSymbol) {
  // A text of padding alone gives what the biases give, whatever the vocabulary is.
  const auto network = text::make_text_network(released("bag-of-words", 1), 0.08, 1);
  const torch::Tensor states = network->states(torch::zeros({1, 201}, torch::kInt64));
  EXPECT_EQ(states.abs().max().item<float>(), 0);
}

}  // namespace
}  // namespace florigen
