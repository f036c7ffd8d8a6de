#pragma once

// The only way to node-addon-api for this folder. Without these settings an exception other than Napi::Error,
// or a promise settled in a dying environment, would abort Node.
#if !defined(NODE_ADDON_API_CPP_EXCEPTIONS_ALL) || !defined(NODE_API_SWALLOW_UNTHROWABLE_EXCEPTIONS)
#error "compile with NODE_ADDON_API_CPP_EXCEPTIONS_ALL and NODE_API_SWALLOW_UNTHROWABLE_EXCEPTIONS"
#endif
#if !defined(NAPI_VERSION) || NAPI_VERSION < 8
#error "compile with NAPI_VERSION=8: handles are type-tagged"
#endif

#include <napi.h>
