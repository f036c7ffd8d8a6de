#pragma once

#include <stdexcept>
#include <string>

namespace florigen {

/// What kind of failure an error is; the binding turns it into the `code` of a JavaScript error.
enum class ErrorCode { kUsage, kData, kNative, kNonFinite, kOutOfMemory, kBusy, kDisposed, kLibrary };

/// Every failure that florigen itself raises. The message is one sentence.
class Error : public std::runtime_error {
 public:
  Error(ErrorCode code, const std::string& message) : std::runtime_error(message), code_(code) {}
  ErrorCode code() const noexcept { return code_; }

 private:
  ErrorCode code_;
};

/// Throws "`name` must be EXPECTATION, but is ACTUAL instead".
[[noreturn]] void throw_must_be(ErrorCode code, const std::string& name, const std::string& expectation,
                                const std::string& actual);

/// Throws kUsage "`name` must be EXPECTED, but is ACTUAL instead" unless both are the same.
void require_equal(const std::string& name, const std::string& expected, const std::string& actual);

}  // namespace florigen
