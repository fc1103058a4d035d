// SPDX-License-Identifier: GPL-3.0-or-later
// Products of BFloat16: a part of KernelBody.h, which alone includes this, in the midst of its own and by the same rules.
#pragma once

namespace hayloft {

namespace {

typedef unsigned short Half __attribute__((may_alias)); ///< of a pair

/// sum + the products of two numbers each. `a` is one such pair, for all lanes.
inline V addPairs(V sum, unsigned a, V b)
{
#ifdef HAYLOFT_PAIR_PRODUCTS
    return reinterpret_cast<V>(_mm512_dpbf16_ps(reinterpret_cast<__m512>(sum), reinterpret_cast<__m512bh>(_mm512_set1_epi32(static_cast<int>(a))),
                                                reinterpret_cast<__m512bh>(b)));
#else
    const VI bits = reinterpret_cast<VI>(b);
    sum += __builtin_bit_cast(float, a << 16) * reinterpret_cast<V>(bits << 16);
    return sum + __builtin_bit_cast(float, a & 0xFFFF0000u) * reinterpret_cast<V>(bits & static_cast<int>(0xFFFF0000u));
#endif
}

inline void roundToPairs(const float* from, long k, Half* to)
{
    for (long i = 0; i < k; ++i)
        to[i] = bfloat16Of(from[i]);
    if (k % 2 != 0)
        to[k] = 0;
}

template <long R> void multiplyPairTile(const Product& p, const unsigned* a, long row, long column)
{
    const long pairs = (p.k + 1) / 2;
    const float* b = p.b + column / kPanel * p.panelStride;
    V low[R], high[R];
#pragma GCC unroll 16
    for (long r = 0; r < R; ++r)
        low[r] = high[r] = V {};
    for (long i = 0; i < pairs; ++i, b += kPanel) {
        const V b0 = load(b), b1 = load(b + kLanes);
#pragma GCC unroll 16
        for (long r = 0; r < R; ++r) {
            low[r] = addPairs(low[r], a[r * pairs + i], b0);
            high[r] = addPairs(high[r], a[r * pairs + i], b1);
        }
    }
    storeTile<R>(p, low, high, row, column);
}

struct PairTiles {
    const Product& p;
    const unsigned* a; ///< the rounded rows from `first` on
    long first, column;
    template <long R> void multiply(long row) const { multiplyPairTile<R>(p, a + (row - first) * ((p.k + 1) / 2), row, column); }
};

/// As many rows at a time as the first-level cache holds, rounded, beside a panel.
void multiplyPairs(const Product& p, std::ptrdiff_t rows)
{
    constexpr long kRounded = 6144;
    alignas(64) unsigned rounded[kRounded + kMostPairedDepth / 2];
    const long pairs = (p.k + 1) / 2;
    const long fitting = kRounded / pairs / kRows * kRows;
    const long together = fitting > 0 ? fitting : 1 + (kRounded - 1) / pairs;
    for (long row = 0; row < rows; row += together) {
        const long count = rows - row < together ? rows - row : together;
        for (long r = 0; r < count; ++r)
            roundToPairs(p.a + (row + r) * p.aStride, p.k, reinterpret_cast<Half*>(rounded + r * pairs));
        for (long column = 0; column < p.n; column += kPanel)
            forTiles(row, count, PairTiles { p, rounded, row, column });
    }
}

} // namespace

} // namespace hayloft
