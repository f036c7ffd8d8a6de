#pragma once

#include <string>
#include <utility>

#include "binding/handle.h"
#include "binding/submit_job.h"
#include "binding/typed_arrays.h"

namespace florigen::binding {

/// The name of a tensor of this handle's manifest; throws kUsage for any other value.
std::string read_tensor_name(Napi::Value value, const std::vector<TensorInfo>& manifest);

/// Writes one tensor of a handle: `writeState(handle, name, bytes)`.
template <typename Native>
Napi::Promise write_tensor(const Napi::CallbackInfo& info) {
  const auto handle = usable_handle<Native>(info[0]);
  refuse_while_running(*handle);
  return submit_job(
      info.Env(), JobQueue::Order::kBetweenSteps,
      [object = handle->object, name = read_tensor_name(info[1], handle->manifest),
       bytes = copy_typed_array<uint8_t>(info[2], "bytes")] {
        object->write_state(name, bytes.data(), bytes.size());
        return Done{};
      },
      to_undefined);
}

}  // namespace florigen::binding
