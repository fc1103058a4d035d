// SPDX-License-Identifier: GPL-3.0-or-later
// The kernels, written once over vectors of HAYLOFT_LANES floats; a file for each instruction set includes this with
// its own lanes and tile rows. Nothing of the standard library may come in here: the linker could merge a copy
// compiled for AVX-512 into programs that run elsewhere.
#include "core/compute/BFloat16.h"
#include "core/compute/Kernels.h"

#ifdef HAYLOFT_PAIR_PRODUCTS
#include <immintrin.h>
#endif

namespace hayloft {

namespace {

constexpr long kLanes = HAYLOFT_LANES;
constexpr long kRows = HAYLOFT_ROWS; ///< of a tile: rows x 2 accumulators, and what they need, fill the registers
constexpr long kPanel = 2 * kLanes;

typedef float V __attribute__((vector_size(kLanes * 4)));
typedef int VI __attribute__((vector_size(kLanes * 4)));
typedef float Loose __attribute__((vector_size(kLanes * 4), aligned(4), may_alias)); ///< in memory, at any address

inline V load(const float* p) { return *reinterpret_cast<const Loose*>(p); }
inline void store(float* p, V v) { *reinterpret_cast<Loose*>(p) = v; }
inline V all(float x) { return x - V {}; }
inline V larger(V a, V b) { return a > b ? a : b; }

inline float sumOf(V v)
{
    float sum = 0;
    for (long i = 0; i < kLanes; ++i)
        sum += v[i];
    return sum;
}

inline float largestOf(V v)
{
    float largest = v[0];
    for (long i = 1; i < kLanes; ++i)
        largest = v[i] > largest ? v[i] : largest;
    return largest;
}

/// Relative error below 2e-7; 0 far below, not beyond e^88.
inline V exponential(V x)
{
    x = larger(x, all(-87.0f));
    x = x > 88.0f ? all(88.0f) : x;
    const V shifted = x * 1.44269504f + 12582912.0f; // rounds to a whole number in the low bits
    const V whole = shifted - 12582912.0f;
    V rest = x - whole * 0.693359375f;
    rest = rest + whole * 2.12194440e-4f;
    V y = all(1.9875691500e-4f);
    y = y * rest + 1.3981999507e-3f;
    y = y * rest + 8.3334519073e-3f;
    y = y * rest + 4.1665795894e-2f;
    y = y * rest + 1.6666665459e-1f;
    y = y * rest + 5.0000001201e-1f;
    y = y * rest * rest + rest + 1.0f;
    const VI power = (reinterpret_cast<VI>(shifted) - 0x4B400000 + 127) << 23;
    return y * reinterpret_cast<V>(power);
}

inline V gelu(V x)
{
    const V absolute = reinterpret_cast<V>(reinterpret_cast<VI>(x) & 0x7FFFFFFF);
    const V scaled = absolute * 0.70710678f;
    const V t = 1.0f / (1.0f + 0.3275911f * scaled);
    V tail = all(1.061405429f);
    tail = tail * t - 1.453152027f;
    tail = tail * t + 1.421413741f;
    tail = tail * t - 0.284496736f;
    tail = tail * t + 0.254829592f;
    tail = tail * t * exponential(-scaled * scaled) * 0.5f; // 1 - Phi(|x|)
    return x * (x > 0.0f ? 1.0f - tail : tail);
}

/// (1 + tanh(u)) / 2 = 1 / (1 + exp(-2 u)), with the exponential of the side on which it is at most 1.
inline V tanhGelu(V x)
{
    const V twice = 1.5957691216f * (x + 0.044715f * x * x * x);
    const V absolute = reinterpret_cast<V>(reinterpret_cast<VI>(twice) & 0x7FFFFFFF);
    const V small = exponential(-absolute);
    return x * (x > 0.0f ? all(1.0f) : small) / (1.0f + small);
}

/// What happens to a row of a tile on its way to memory.
inline V finish(const Product& p, V v, const float* bias, const float* add)
{
    if (p.bias)
        v += load(bias);
    if (p.activation == Activation::GeluErf)
        v = gelu(v);
    else if (p.activation == Activation::GeluTanh)
        v = tanhGelu(v);
    if (p.add)
        v += load(add);
    return v;
}

/// The last panel: only `columns` of its columns exist.
inline void finishPart(const Product& p, V low, V high, long row, long column, long columns)
{
    float c[kPanel], bias[kPanel], add[kPanel];
    for (long j = 0; j < kPanel; ++j) {
        bias[j] = p.bias && j < columns ? p.bias[column + j] : 0.0f;
        add[j] = p.add && j < columns ? p.add[row * p.addStride + column + j] : 0.0f;
    }
    store(c, finish(p, low, bias, add));
    store(c + kLanes, finish(p, high, bias + kLanes, add + kLanes));
    for (long j = 0; j < columns; ++j)
        p.c[row * p.cStride + column + j] = c[j];
}

template <long R> inline void storeTile(const Product& p, const V* low, const V* high, long row, long column)
{
    const long columns = p.n - column;
#pragma GCC unroll 16
    for (long r = 0; r < R; ++r) {
        if (columns < kPanel) {
            finishPart(p, low[r], high[r], row + r, column, columns);
            continue;
        }
        float* c = p.c + (row + r) * p.cStride + column;
        const float* add = p.add + (row + r) * p.addStride + column;
        store(c, finish(p, low[r], p.bias + column, add));
        store(c + kLanes, finish(p, high[r], p.bias + column + kLanes, add + kLanes));
    }
}

template <long R> void multiplyTile(const Product& p, long row, long column)
{
    const float* a = p.a + row * p.aStride;
    const float* b = p.b + column / kPanel * p.panelStride;
    const long stride = p.aStride;
    V low[R], high[R];
#pragma GCC unroll 16
    for (long r = 0; r < R; ++r)
        low[r] = high[r] = V {};
    for (long i = 0; i < p.k; ++i, b += kPanel) {
        const V b0 = load(b), b1 = load(b + kLanes);
#pragma GCC unroll 16
        for (long r = 0; r < R; ++r) {
            const float x = a[r * stride + i];
            low[r] += x * b0;
            high[r] += x * b1;
        }
    }
    storeTile<R>(p, low, high, row, column);
}

/// Rows as whole tiles, then as ever smaller ones.
template <typename Tile> inline void forTiles(long row, long rows, const Tile& tile)
{
    for (; rows >= kRows; rows -= kRows, row += kRows)
        tile.template multiply<kRows>(row);
    for (; rows >= 4; rows -= 4, row += 4)
        tile.template multiply<4>(row);
    if (rows == 3)
        tile.template multiply<3>(row);
    else if (rows == 2)
        tile.template multiply<2>(row);
    else if (rows == 1)
        tile.template multiply<1>(row);
}

struct FloatTiles {
    const Product& p;
    long column;
    template <long R> void multiply(long row) const { multiplyTile<R>(p, row, column); }
};

} // namespace

} // namespace hayloft

#include "core/compute/PairProducts.h"

namespace hayloft {

namespace {

void multiply(const Product& p, std::ptrdiff_t rows)
{
    if (p.precision == Precision::BFloat16) {
        multiplyPairs(p, rows);
        return;
    }
    for (long column = 0; column < p.n; column += kPanel)
        forTiles(0, rows, FloatTiles { p, column });
}

void normalise(const float* x, std::ptrdiff_t rows, std::ptrdiff_t width, const Normalisation& by, float* out)
{
    const long whole = width / kLanes * kLanes;
    for (long r = 0; r < rows; ++r, x += width, out += width) {
        V sums {};
        float sum = 0;
        for (long j = 0; j < whole; j += kLanes)
            sums += load(x + j);
        for (long j = whole; j < width; ++j)
            sum += x[j];
        const float mean = (sum + sumOf(sums)) / static_cast<float>(width);
        V squares {};
        float square = 0;
        for (long j = 0; j < whole; j += kLanes) {
            const V d = load(x + j) - mean;
            squares += d * d;
        }
        for (long j = whole; j < width; ++j)
            square += (x[j] - mean) * (x[j] - mean);
        const float scale = 1.0f / __builtin_sqrtf((square + sumOf(squares)) / static_cast<float>(width) + by.epsilon);
        for (long j = 0; j < whole; j += kLanes) {
            V v = (load(x + j) - mean) * scale;
            if (by.gain)
                v = v * load(by.gain + j) + load(by.bias + j);
            store(out + j, v);
        }
        for (long j = whole; j < width; ++j) {
            const float v = (x[j] - mean) * scale;
            out[j] = by.gain ? v * by.gain[j] + by.bias[j] : v;
        }
    }
}

/// exp(scale (x - largest)) in place over whole vectors; what lies behind n becomes 0. Returns the sum.
inline float exponentials(float* x, long n, float scale)
{
    float largest = x[0];
    for (long j = 1; j < n; ++j)
        largest = x[j] > largest ? x[j] : largest;
    V sums {};
    for (long j = 0; j < n; j += kLanes) {
        V v {};
        const long count = n - j < kLanes ? n - j : kLanes;
        if (count == kLanes) {
            v = exponential((load(x + j) - largest) * scale);
            store(x + j, v);
        } else {
            for (long i = 0; i < count; ++i)
                v[i] = (x[j + i] - largest) * scale;
            v = exponential(v);
            for (long i = 0; i < kLanes; ++i) {
                if (i < count)
                    x[j + i] = v[i];
                else
                    v[i] = 0;
            }
        }
        sums += v;
    }
    return sumOf(sums);
}

void softmax(float* x, std::ptrdiff_t rows, std::ptrdiff_t stride, std::ptrdiff_t n, float scale)
{
    for (long r = 0; r < rows; ++r, x += stride) {
        const float whole = 1.0f / exponentials(x, n, scale);
        for (long j = 0; j < n; ++j)
            x[j] *= whole;
    }
}

void attend(const CachedAttention& at)
{
    const long used = at.used, padded = (used + kLanes - 1) / kLanes * kLanes;
    for (long s = 0; s < padded; s += kLanes) {
        V sum {};
        for (long d = 0; d < at.width; ++d)
            sum += at.query[d] * load(at.keys + d * at.capacity + s);
        store(at.scores + s, sum);
    }
    const float whole = 1.0f / exponentials(at.scores, used, 1.0f / __builtin_sqrtf(static_cast<float>(at.width)));
    long d = 0;
    for (; d + kLanes <= at.width; d += kLanes) {
        V sum {};
        for (long s = 0; s < used; ++s)
            sum += at.scores[s] * load(at.values + s * at.width + d);
        store(at.out + d, sum * whole);
    }
    for (; d < at.width; ++d) {
        float sum = 0;
        for (long s = 0; s < used; ++s)
            sum += at.scores[s] * at.values[s * at.width + d];
        at.out[d] = sum * whole;
    }
}

inline float foldedSum(V v) // halves onto halves: a row's sum must not take longer than its loads
{
    float x[kLanes];
    store(x, v);
    for (long half = kLanes / 2; half > 0; half /= 2)
        for (long i = 0; i < half; ++i)
            x[i] += x[i + half];
    return x[0];
}

// One row after the other: memory is read fastest as one stream.
void dots(const float* a, std::ptrdiff_t stride, std::ptrdiff_t rows, std::ptrdiff_t n, const float* b, float* out)
{
    for (long r = 0; r < rows; ++r, a += stride) {
        V sums[4] {};
        long i = 0;
        for (; i + 4 * kLanes <= n; i += 4 * kLanes)
            for (long j = 0; j < 4; ++j)
                sums[j] += load(a + i + j * kLanes) * load(b + i + j * kLanes);
        float rest = 0;
        for (; i < n; ++i)
            rest += a[i] * b[i];
        out[r] = foldedSum((sums[0] + sums[1]) + (sums[2] + sums[3])) + rest;
    }
}

void leastDistances(const float* products, std::ptrdiff_t stride, std::ptrdiff_t rows, std::ptrdiff_t n, const float* norms, float* out)
{
    long j = 0;
    for (; j + kLanes <= n; j += kLanes) {
        V least = all(norms[0]) - 2.0f * load(products + j);
        for (long r = 1; r < rows; ++r) {
            const V distance = all(norms[r]) - 2.0f * load(products + r * stride + j);
            least = distance < least ? distance : least;
        }
        store(out + j, least);
    }
    for (; j < n; ++j) {
        out[j] = norms[0] - 2.0f * products[j];
        for (long r = 1; r < rows; ++r) {
            const float distance = norms[r] - 2.0f * products[r * stride + j];
            out[j] = distance < out[j] ? distance : out[j];
        }
    }
}

void choose(const float* logits, std::ptrdiff_t n, int first, GreedyChoice& choice)
{
    const long whole = n / kLanes * kLanes;
    V largest = all(-1e30f);
    for (long j = 0; j < whole; j += kLanes)
        largest = larger(load(logits + j), largest);
    float best = largestOf(largest);
    for (long j = whole; j < n; ++j)
        best = logits[j] > best ? logits[j] : best;
    if (best > choice.best) {
        choice.sum *= exponential(all(choice.best - best))[0];
        choice.best = best;
        long at = 0;
        while (logits[at] != best)
            ++at;
        choice.column = first + static_cast<int>(at);
    }
    V sums {};
    for (long j = 0; j < whole; j += kLanes)
        sums += exponential(load(logits + j) - choice.best);
    choice.sum += sumOf(sums);
    for (long j = whole; j < n; ++j)
        choice.sum += exponential(all(logits[j] - choice.best))[0];
}

} // namespace

} // namespace hayloft
