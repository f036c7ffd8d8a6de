# Functions that turn the folders of native/ into targets.

# One object library per folder; a folder without sources yet has no target.
function(florigen_layer)
  foreach(folder IN LISTS ARGN)
    file(GLOB_RECURSE sources CONFIGURE_DEPENDS "${CMAKE_SOURCE_DIR}/native/${folder}/*.cc")
    if(NOT sources)
      continue()
    endif()
    set(target florigen_${folder})
    add_library(${target} OBJECT ${sources})
    target_link_libraries(${target} PRIVATE florigen_settings)
    target_precompile_headers(${target} REUSE_FROM florigen_precompiled)
    set_target_properties(${target} PROPERTIES UNITY_BUILD ${FLORIGEN_UNITY} UNITY_BUILD_BATCH_SIZE 8)
    if(NOT folder STREQUAL "binding")
      set_property(GLOBAL APPEND PROPERTY FLORIGEN_LAYER_OBJECTS $<TARGET_OBJECTS:${target}>)
    endif()
  endforeach()
endfunction()

# libflorigen.so: needs libtorch_cpu and libc10 by name only. The loader maps those first, so no run path is wanted;
# `-z now` makes a missing symbol an error of dlopen instead of a dead process at the first call.
function(florigen_product_library)
  if(NOT TARGET florigen_binding)
    message(STATUS "native/binding is empty: no libflorigen.so")
    return()
  endif()
  get_property(objects GLOBAL PROPERTY FLORIGEN_LAYER_OBJECTS)
  add_library(florigen SHARED ${objects} $<TARGET_OBJECTS:florigen_binding>)
  set_target_properties(florigen PROPERTIES
    LINKER_LANGUAGE CXX SKIP_BUILD_RPATH ON LIBRARY_OUTPUT_DIRECTORY "${FLORIGEN_OUTPUT}/Release")
  target_link_options(florigen PRIVATE -Wl,-z,now -Wl,--allow-shlib-undefined)
  target_link_libraries(florigen PRIVATE libtorch::torch_cpu libtorch::c10)
endfunction()

# florigen.node: the only file that Node opens itself. LibTorch's headers give it a version number and nothing else.
function(florigen_loader)
  file(GLOB sources CONFIGURE_DEPENDS "${CMAKE_SOURCE_DIR}/native/loader/*.cc")
  add_library(florigen_loader MODULE ${sources})
  target_link_libraries(florigen_loader PRIVATE florigen_settings ${CMAKE_DL_LIBS})
  set_target_properties(florigen_loader PROPERTIES
    PREFIX "" OUTPUT_NAME florigen SUFFIX ".node" SKIP_BUILD_RPATH ON
    LIBRARY_OUTPUT_DIRECTORY "${FLORIGEN_OUTPUT}/Release")
endfunction()
