# Compiler settings, LibTorch's headers and libraries, and the precompiled header that every target shares.

if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release)
endif()
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_CXX_VISIBILITY_PRESET hidden)
set(CMAKE_VISIBILITY_INLINES_HIDDEN ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_CXX_FLAGS_RELEASE "-O2 -DNDEBUG")

if(NOT EXISTS "${FLORIGEN_LIBTORCH}/include/torch/headeronly/version.h")
  message(FATAL_ERROR "FLORIGEN_LIBTORCH must be a torch folder with include/ and lib/, but is "
                      "\"${FLORIGEN_LIBTORCH}\" instead; run `npm run build:native`, which finds one")
endif()

# Not find_package(Torch): in a CUDA build of LibTorch its target adds torch_cuda and a search for the CUDA toolkit.
foreach(name IN ITEMS c10 torch_cpu)
  add_library(libtorch::${name} SHARED IMPORTED)
  set_target_properties(libtorch::${name} PROPERTIES IMPORTED_LOCATION "${FLORIGEN_LIBTORCH}/lib/lib${name}.so")
endforeach()

add_library(florigen_settings INTERFACE)
target_include_directories(florigen_settings INTERFACE "${CMAKE_SOURCE_DIR}/native")
target_include_directories(florigen_settings SYSTEM INTERFACE
  "${FLORIGEN_LIBTORCH}/include"
  "${FLORIGEN_LIBTORCH}/include/torch/csrc/api/include"
  ${FLORIGEN_NODE_INCLUDE})
# No contraction: a fused multiply-add on one machine and not on another would change bits.
target_compile_options(florigen_settings INTERFACE -Wall -Wextra -Werror -ffp-contract=off)
# The same for every target, since a precompiled header fits only where the definitions agree.
target_compile_definitions(florigen_settings INTERFACE
  NAPI_VERSION=8
  NODE_ADDON_API_CPP_EXCEPTIONS_ALL
  NODE_API_SWALLOW_UNTHROWABLE_EXCEPTIONS)

add_library(florigen_precompiled OBJECT "${CMAKE_SOURCE_DIR}/native/cmake/precompiled.cc")
target_link_libraries(florigen_precompiled PRIVATE florigen_settings)
target_precompile_headers(florigen_precompiled PRIVATE <torch/torch.h>)
