// SPDX-License-Identifier: GPL-3.0-or-later
// Products on one thread, or each shared out among a team of threads.
#pragma once

#include "core/compute/Kernels.h"
#include "core/compute/ThreadTeam.h"

namespace hayloft {

/// Small networks take one thread a batch. Where the weights are far larger than the caches, one batch at a time with
/// every product's columns shared out reads them from memory once for all threads. The result is the same to the bit.
class Multiplier {
public:
    explicit Multiplier(const Kernels& kernels, ThreadTeam* team = nullptr) : m_kernels(kernels), m_team(team) {}
    const Kernels& kernels() const { return m_kernels; }
    void operator()(const Product& product, std::ptrdiff_t rows) const;

private:
    const Kernels& m_kernels;
    ThreadTeam* m_team; ///< null: the calling thread
};

} // namespace hayloft
