#pragma once

#include <utility>

#include "binding/handle.h"
#include "binding/submit_job.h"

namespace florigen::binding {

/// A promise of a new handle: the object, a `Made`, is made on the engine thread, from options that were
/// copied.
template <typename Native, typename Made = Native, typename Options>
Napi::Promise create_handle(Napi::Env env, Options options, int64_t text_size) {
  const auto engine = Session::of(env).engine();
  engine->require_configured();
  return submit_job(
      env, JobQueue::Order::kBetweenSteps,
      [options = std::move(options), text_size, engine = std::weak_ptr<Engine>(engine)] {
        auto object = std::make_shared<Made>(options);
        auto manifest = object->manifest();
        return Handle<Native>{std::shared_ptr<Native>(std::move(object)), std::move(manifest), text_size,
                              engine};
      },
      [](Napi::Env js, Handle<Native>& handle) { return to_js_handle<Native>(js, std::move(handle)); });
}

}  // namespace florigen::binding
