#include "binding/matrix_functions.h"

#include "binding/submit_job.h"
#include "binding/typed_arrays.h"
#include "core/covariance_root.h"

namespace florigen::binding {

// covarianceRoot(rows: Float32Array, width: number): Promise<Float32Array>;
Napi::Value covariance_root_of(const Napi::CallbackInfo& info) {
  if (!info[1].IsNumber()) refuse_value("width", "a number", info[1]);
  return submit_job(
      info.Env(), JobQueue::Order::kBetweenSteps,
      [rows = copy_typed_array<float>(info[0], "rows"),
       width = info[1].As<Napi::Number>().Int64Value()]() mutable {
        return covariance_root(std::move(rows), width);
      },
      [](Napi::Env env, const std::vector<float>& root) { return to_float32_array(env, root); });
}

}  // namespace florigen::binding
