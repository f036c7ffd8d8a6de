#include "core/error.h"

namespace florigen {

void throw_must_be(ErrorCode code, const std::string& name, const std::string& expectation,
                   const std::string& actual) {
  throw Error(code, "`" + name + "` must be " + expectation + ", but is " + actual + " instead");
}

}  // namespace florigen
