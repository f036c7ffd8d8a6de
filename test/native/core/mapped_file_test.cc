#include "core/mapped_file.h"

#include <gtest/gtest.h>

#include <cstdio>
#include <fstream>

#include "core/error.h"

namespace florigen {
namespace {

class MappedFile : public ::testing::Test {
 protected:
  void SetUp() override {
    path_ = ::testing::TempDir() + "florigen-mapped-file.bin";
    std::ofstream file(path_, std::ios::binary);
    const float values[] = {1, 2, 3, 4, 5, 6};
    file.write("abc", 3);  // three bytes before the floats leave them unaligned
    file.write(reinterpret_cast<const char*>(values), sizeof values);
  }
  void TearDown() override { std::remove(path_.c_str()); }

  void expect_refused(const TensorRef& ref, const std::string& part) {
    try {
      map_tensor(ref);
      ADD_FAILURE() << "accepted";
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kData);
      EXPECT_NE(std::string(error.what()).find(part), std::string::npos) << error.what();
    }
  }

  std::string path_;
};

TEST_F(MappedFile, ReadsBytesAndUnalignedFloats) {
  EXPECT_EQ(map_tensor({path_, 1, 2, "U8", {2}})[1].item<int>(), 'c');
  const torch::Tensor floats = map_tensor({path_, 3, 24, "F32", {2, 3}});
  EXPECT_EQ(floats[1][2].item<float>(), 6);
}

TEST_F(MappedFile, OutlivesNothingButItsTensor) {
  torch::Tensor slice = map_tensor({path_, 0, 3, "U8", {3}}).slice(0, 1, 3);
  EXPECT_EQ(slice[0].item<int>(), 'b');  // the mapping lives on with the view
}

TEST_F(MappedFile, RefusesWhatDoesNotLieInTheFile) {
  expect_refused({path_, 3, 28, "F32", {7}}, "does not lie within the file");
  expect_refused({path_, 0, 3, "U8", {4}}, "does not lie within the file");
  expect_refused({path_, -1, 3, "U8", {3}}, "does not lie within the file");
  expect_refused({path_, 0, 4, "U8", {int64_t{1} << 40, int64_t{1} << 40}}, "impossible shape");
  expect_refused({path_ + "-absent", 0, 1, "U8", {1}}, "cannot open");
}

}  // namespace
}  // namespace florigen
