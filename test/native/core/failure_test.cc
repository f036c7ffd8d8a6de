#include "core/failure.h"

#include <gtest/gtest.h>
#include <torch/torch.h>

#include <new>
#include <stdexcept>

namespace florigen {
namespace {

template <typename Throwing>
Failure failure_of(Throwing throwing) {
  try {
    throwing();
  } catch (...) {
    return describe_current_exception();
  }
  return {ErrorCode::kNative, "nothing was thrown"};
}

TEST(Failure, KeepsTheCodeAndSentenceOfOurOwnErrors) {
  const auto failure = failure_of([] { throw_must_be(ErrorCode::kNonFinite, "loss", "finite", "nan"); });
  EXPECT_EQ(failure.code, ErrorCode::kNonFinite);
  EXPECT_EQ(failure.message, "`loss` must be finite, but is nan instead");
}

TEST(Failure, TakesLibTorchsSentenceWithoutItsBacktrace) {
  const auto failure = failure_of([] { torch::zeros({2, 3}).matmul(torch::zeros({2, 3})); });
  EXPECT_EQ(failure.code, ErrorCode::kNative);
  EXPECT_NE(failure.message.find("mat1 and mat2 shapes cannot be multiplied"), std::string::npos)
      << failure.message;
  EXPECT_EQ(failure.message.find("frame #"), std::string::npos) << failure.message;
  EXPECT_EQ(failure.message.find("Exception raised from"), std::string::npos) << failure.message;
}

TEST(Failure, KnowsAllThatMeansTooLittleMemory) {
  const auto cpu = failure_of([] { torch::empty({int64_t{1} << 58}, torch::kUInt8); });
  const auto overflow = failure_of([] { torch::empty({int64_t{1} << 62, int64_t{1} << 4}); });
  const auto standard = failure_of([] { throw std::bad_alloc(); });
  const auto device = failure_of([] { TORCH_CHECK_WITH(OutOfMemoryError, false, "CUDA out of memory"); });
  for (const auto& failure : {cpu, overflow, standard, device}) {
    EXPECT_EQ(failure.code, ErrorCode::kOutOfMemory) << failure.message;
  }
}

TEST(Failure, TakesExceptionsOfAnyType) {
  EXPECT_EQ(failure_of([] { throw std::out_of_range("row 9"); }).message, "row 9");
  EXPECT_EQ(failure_of([] { throw std::out_of_range("row 9"); }).code, ErrorCode::kNative);
  EXPECT_EQ(failure_of([] { throw 42; }).code, ErrorCode::kNative);
}

}  // namespace
}  // namespace florigen
