#pragma once

#include <string>

#include "binding/napi_setup.h"

namespace florigen::binding {

/// A value as the end of "`x` must be Y, but is Z instead" names it: `-1`, `"tall"`, `undefined`, `an array`.
std::string describe_value(Napi::Value value);

/// Throws kUsage: "`name` must be EXPECTATION, but is VALUE instead".
[[noreturn]] void refuse_value(const std::string& name, const std::string& expectation, Napi::Value value);

}  // namespace florigen::binding
