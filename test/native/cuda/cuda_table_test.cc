// Runs where libflorigen_cuda and a device are present (the GPU bundle names the library); skipped elsewhere.

#include "core/cuda_table.h"

#include <dlfcn.h>
#include <gtest/gtest.h>
#include <torch/torch.h>

#include <cstdlib>

#include "core/random_tensors.h"

namespace florigen {
namespace {

class CudaTableTest : public testing::Test {
 protected:
  void SetUp() override {
    const char* path = std::getenv("FLORIGEN_CUDA_LIBRARY");
    if (path == nullptr) GTEST_SKIP() << "FLORIGEN_CUDA_LIBRARY names no libflorigen_cuda.so";
    void* library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    ASSERT_NE(library, nullptr) << dlerror();
    const auto functions = reinterpret_cast<const void* (*)()>(dlsym(library, "florigen_cuda_table"));
    ASSERT_NE(functions, nullptr);
    table_ = static_cast<const CudaTable*>(functions());
    ASSERT_EQ(table_->version, kCudaTableVersion);
    if (!torch::cuda::is_available()) GTEST_SKIP() << "no CUDA device";
  }

  const CudaTable* table_ = nullptr;
};

TEST_F(CudaTableTest, DescribesTheFirstDevice) {
  CudaDeviceDescription description{};
  ASSERT_EQ(table_->describe_device(0, &description), 0);
  EXPECT_GT(std::string(description.name).size(), 0U);
  EXPECT_GT(description.total_bytes, 1LL << 30);
  EXPECT_LE(description.free_bytes, description.total_bytes);
}

TEST_F(CudaTableTest, ARefusedDeviceLeavesNoErrorBehind) {
  CudaDeviceDescription description{};
  ASSERT_NE(table_->describe_device(10'000, &description), 0);
  EXPECT_NO_THROW(torch::ones({3}, torch::device(torch::kCUDA)).sum().item<float>());
}

TEST_F(CudaTableTest, DrawsTheNoiseOfTheCpu) {
  const StreamId id{/*seed=*/7, Purpose::kGeneratorNoise, /*step=*/3, /*pass=*/1, /*row=*/5};
  const int64_t rows = 9;
  const int64_t columns = 103;  // no multiple of the four numbers of a block
  const torch::Tensor expected = normal_rows({id, rows, columns});
  const torch::Tensor drawn =
      torch::full({rows, columns}, -100.0, torch::dtype(torch::kFloat64).device(torch::kCUDA));
  const CudaNoiseRequest request{id.seed, static_cast<uint32_t>(id.purpose), id.step, id.pass, id.row, rows,
                                 columns};
  ASSERT_EQ(table_->fill_normal(&request, drawn.data_ptr<double>()), 0);
  // The words are the same; log, sine and cosine of two libraries differ in their last bits.
  EXPECT_LT((drawn.cpu() - expected).abs().max().item<double>(), 1e-13);
}

}  // namespace
}  // namespace florigen
