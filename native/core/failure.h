#pragma once

#include <string>

#include "core/error.h"

namespace florigen {

/// What went wrong, as a value that may cross threads.
struct Failure {
  ErrorCode code;
  std::string message;
};

/// The failure of the exception in hand, of any type. Call inside a `catch (...)`. LibTorch's errors lose
/// their backtrace; an allocation that failed is `kOutOfMemory` on every device.
Failure describe_current_exception();

}  // namespace florigen
