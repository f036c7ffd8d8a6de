#include "support/expect_usage.h"

#include <gtest/gtest.h>

#include "core/error.h"

namespace florigen::testing {

void expect_usage(const std::string& part, const std::function<void()>& run) {
  try {
    run();
    ADD_FAILURE() << "accepted, expected a complaint about " << part;
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kUsage);
    EXPECT_NE(std::string(error.what()).find(part), std::string::npos) << error.what();
  }
}

}  // namespace florigen::testing
