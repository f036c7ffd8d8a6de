#include "core/failure.h"

#include <c10/util/Exception.h>

#include <new>

namespace florigen {
namespace {

// LibTorch's CPU allocator raises a plain c10::Error (c10/core/impl/alloc_cpu.cpp), and so does a size past
// 2^63.
bool speaks_of_memory(const std::string& message) {
  return message.find("can't allocate memory") != std::string::npos ||
         message.find("Storage size calculation overflowed") != std::string::npos;
}

}  // namespace

Failure describe_current_exception() {
  try {
    throw;
  } catch (const Error& error) {
    return {error.code(), error.what()};
  } catch (const c10::OutOfMemoryError& error) {
    return {ErrorCode::kOutOfMemory, error.what_without_backtrace()};
  } catch (const c10::Error& error) {
    const std::string message = error.what_without_backtrace();
    return {speaks_of_memory(message) ? ErrorCode::kOutOfMemory : ErrorCode::kNative, message};
  } catch (const std::bad_alloc&) {
    return {ErrorCode::kOutOfMemory, "the process is out of memory"};
  } catch (const std::exception& error) {
    return {ErrorCode::kNative, error.what()};
  } catch (...) {
    return {ErrorCode::kNative, "the engine failed for a reason that it does not name"};
  }
}

}  // namespace florigen
