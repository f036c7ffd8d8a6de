#include "core/error.h"

namespace florigen {

void throw_must_be(ErrorCode code, const std::string& name, const std::string& expectation,
                   const std::string& actual) {
  throw Error(code, "`" + name + "` must be " + expectation + ", but is " + actual + " instead");
}

void require_equal(const std::string& name, const std::string& expected, const std::string& actual) {
  if (expected != actual) throw_must_be(ErrorCode::kUsage, name, expected, actual);
}

}  // namespace florigen
