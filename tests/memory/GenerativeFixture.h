// SPDX-License-Identifier: GPL-3.0-or-later
// What the tests of Larimar's memory share.
#pragma once

#include "core/base/Error.h"
#include "core/base/Random.h"
#include "core/memory/GenerativeMemory.h"

#include <functional>

namespace hayloft::test {

inline Matrix normals(Index rows, Index columns, std::uint64_t seed)
{
    Random random(seed);
    Matrix m(rows, columns);
    for (Index i = 0; i < m.size(); ++i)
        m.data()[i] = static_cast<float>(random.normal());
    return m;
}

inline double worst(const Matrix& a, const Matrix& b)
{
    return static_cast<double>((a - b).cwiseAbs().maxCoeff() / b.cwiseAbs().maxCoeff());
}

inline GenerativeMemorySettings settingsOf(InverseMode mode)
{
    GenerativeMemorySettings settings;
    settings.mode = mode;
    return settings;
}

inline GenerativeMemory memoryOf(const Matrix& prior, const GenerativeMemorySettings& settings)
{
    return { std::make_shared<const MemoryPrior>(prior, settings), settings };
}

inline std::string messageOf(const std::function<void()>& work)
{
    try {
        work();
    } catch (const Error& error) {
        return error.what();
    }
    return "";
}

} // namespace hayloft::test
