// SPDX-License-Identifier: GPL-3.0-or-later
// The inner loops of a transformer on the CPU, compiled once for each instruction set. One thread per call.
#pragma once

#include <cstddef>
#include <span>

namespace hayloft {

/// GeluErf: x Phi(x), Phi to 1.5e-7 (Abramowitz and Stegun 7.1.26). GeluTanh: x / 2 (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))).
enum class Activation { None, GeluErf, GeluTanh };

/// What a product's factors are rounded to; its sums are float32 all the same. BFloat16 keeps 8 bits of 24: half the bytes, and
/// twice the products a second where the CPU has instructions for them.
enum class Precision { Float32, BFloat16 };

/// The longest sum of a product of BFloat16.
inline constexpr std::ptrdiff_t kMostPairedDepth = 32768;

/// C (rows x n) = A (rows x k) B, then in this order, each where it is given: + bias (1 x n), activation, + add (rows x n).
/// B is packed (PackedMatrix): panels of `panel` columns, each k x panel, `panelStride` floats apart. With BFloat16, A is rounded
/// on the way, and two numbers of a column lie where one float would: each panel is k / 2 x panel such pairs, the earlier in the lower bits.
struct Product {
    const float* a = nullptr;
    std::ptrdiff_t aStride = 0;
    const float* b = nullptr;
    std::ptrdiff_t panelStride = 0;
    std::ptrdiff_t k = 0, n = 0;
    float* c = nullptr;
    std::ptrdiff_t cStride = 0;
    const float* bias = nullptr;
    const float* add = nullptr; ///< may be c itself
    std::ptrdiff_t addStride = 0;
    Activation activation = Activation::None; ///< before `add`
    Precision precision = Precision::Float32; ///< what B was packed with
};

/// (x - mean) / sqrt(variance + epsilon), times gain plus bias where they are given.
struct Normalisation {
    const float* gain = nullptr;
    const float* bias = nullptr;
    float epsilon = 1e-5f;
};

/// One query of one head over a cache: `used` keys of `width` numbers.
struct CachedAttention {
    const float* query = nullptr;  ///< width
    const float* keys = nullptr;   ///< width x capacity: number d of all keys side by side
    const float* values = nullptr; ///< capacity x width
    std::ptrdiff_t used = 0, capacity = 0, width = 0; ///< capacity is a multiple of 16
    float* scores = nullptr;       ///< capacity, scratch
    float* out = nullptr;          ///< width
};

/// The best of the columns seen so far, and the sum of exp(x - best) over them.
struct GreedyChoice {
    float best = -1e30f;
    int column = -1;
    float sum = 0;
};

struct Kernels {
    const char* name;       ///< "avx512-bf16", "avx512", "avx2" or "plain"
    std::ptrdiff_t panel;   ///< columns of a packed panel
    void (*multiply)(const Product& product, std::ptrdiff_t rows);
    void (*normalise)(const float* x, std::ptrdiff_t rows, std::ptrdiff_t width, const Normalisation& by, float* out);
    /// softmax(scale x) of the first n of each row, in place.
    void (*softmax)(float* x, std::ptrdiff_t rows, std::ptrdiff_t stride, std::ptrdiff_t n, float scale);
    void (*attend)(const CachedAttention& attention);
    /// out[r] = row r of a (rows x n) times b (n).
    void (*dots)(const float* a, std::ptrdiff_t stride, std::ptrdiff_t rows, std::ptrdiff_t n, const float* b, float* out);
    /// out[j] = the least of norms[r] - 2 products[r][j] over the rows: of squared distances, but for the query's own norm.
    void (*leastDistances)(const float* products, std::ptrdiff_t stride, std::ptrdiff_t rows, std::ptrdiff_t n, const float* norms, float* out);
    /// Columns first .. first + n - 1 of one row of logits.
    void (*choose)(const float* logits, std::ptrdiff_t n, int first, GreedyChoice& choice);
};

/// The fastest that this CPU runs.
const Kernels& bestKernels();
/// All that this CPU runs, the fastest first.
std::span<const Kernels* const> usableKernels();

} // namespace hayloft
