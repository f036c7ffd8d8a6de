#pragma once

#include <functional>
#include <string>

namespace florigen::testing {

/// Fails unless `run` throws kUsage with a message that has `part` in it.
void expect_usage(const std::string& part, const std::function<void()>& run);

}  // namespace florigen::testing
