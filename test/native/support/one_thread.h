#pragma once

#include <ATen/Parallel.h>

namespace florigen::testing {

/// With two threads each small operation would wait for the slower one, on a busy machine for minutes.
class OneThread {
 public:
  OneThread() : before_(at::get_num_threads()) { at::set_num_threads(1); }
  ~OneThread() { at::set_num_threads(before_); }
  OneThread(const OneThread&) = delete;
  OneThread& operator=(const OneThread&) = delete;

 private:
  int before_;
};

}  // namespace florigen::testing
