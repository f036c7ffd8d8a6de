#pragma once

#include "binding/napi_setup.h"
#include "data/plan.h"

namespace florigen::binding {

/// Reads a NativePlan of version 1 (ts/native/addon.ts) and copies its arrays. Which columns a trainer needs
/// and what they may hold is the trainer's own knowledge.
Plan read_plan(Napi::Value value);

}  // namespace florigen::binding
