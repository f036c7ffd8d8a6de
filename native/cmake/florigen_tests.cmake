# build/native-tests/florigen_tests: every test/native/**/*.cc, linked with the same objects as libflorigen.so.

file(GLOB_RECURSE test_sources CONFIGURE_DEPENDS "${CMAKE_SOURCE_DIR}/test/native/*.cc")
if(NOT test_sources)
  return()
endif()

find_package(GTest QUIET)
if(FLORIGEN_GOOGLETEST)
  set(BUILD_GMOCK OFF)
  add_subdirectory("${FLORIGEN_GOOGLETEST}" googletest EXCLUDE_FROM_ALL)
  add_library(florigen_gtest ALIAS gtest_main)
elseif(GTest_FOUND)
  add_library(florigen_gtest ALIAS GTest::gtest_main)
else()
  message(FATAL_ERROR "GoogleTest must be installed for the native tests, but is missing; "
                      "on Debian and Ubuntu: apt-get install libgtest-dev")
endif()

# An object library first: an executable's own files would be compiled as -fPIE, which the shared header does not fit.
add_library(florigen_test_objects OBJECT ${test_sources})
target_link_libraries(florigen_test_objects PRIVATE florigen_settings florigen_gtest)
target_include_directories(florigen_test_objects PRIVATE "${CMAKE_SOURCE_DIR}/test/native")
target_compile_definitions(florigen_test_objects PRIVATE FLORIGEN_TEST_DATA="${CMAKE_SOURCE_DIR}/test")
target_precompile_headers(florigen_test_objects REUSE_FROM florigen_precompiled)

get_property(layer_objects GLOBAL PROPERTY FLORIGEN_LAYER_OBJECTS)
add_executable(florigen_tests EXCLUDE_FROM_ALL $<TARGET_OBJECTS:florigen_test_objects> ${layer_objects})
set_target_properties(florigen_test_objects PROPERTIES EXCLUDE_FROM_ALL ON)
set_target_properties(florigen_tests PROPERTIES
  LINKER_LANGUAGE CXX BUILD_RPATH "${FLORIGEN_LIBTORCH}/lib" RUNTIME_OUTPUT_DIRECTORY "${FLORIGEN_OUTPUT}/native-tests")
target_link_options(florigen_tests PRIVATE -Wl,--allow-shlib-undefined -Wl,--disable-new-dtags)
target_link_libraries(florigen_tests PRIVATE florigen_gtest libtorch::torch_cpu libtorch::c10)
