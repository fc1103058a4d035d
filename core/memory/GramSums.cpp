// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/memory/GramSums.h"

#include "core/compute/WideProducts.h"

#include <algorithm>

namespace hayloft {

namespace {

constexpr Index kMostBlocks = 48;
constexpr Index kLeastBlock = 64;
constexpr Index kAtOnce = 4096; ///< latents in double

} // namespace

Eigen::MatrixXd gramOfLatents(const Eigen::Ref<const Matrix>& latents)
{
    Eigen::MatrixXd sum = Eigen::MatrixXd::Zero(latents.cols(), latents.cols());
    for (Index first = 0; first < latents.rows(); first += kAtOnce) {
        const Eigen::MatrixXd wide = latents.middleRows(first, std::min(kAtOnce, latents.rows() - first)).transpose().cast<double>();
        sum += wideProduct(wide, Side::AsIs, wide, Side::Transposed);
    }
    return sum;
}

GramSums::GramSums(Matrix latents, const Task& task)
    : m_latents(std::move(latents)), m_block(std::max(kLeastBlock, (m_latents.rows() + kMostBlocks - 1) / kMostBlocks))
{
    for (Index first = 0; first < size(); first += m_block) {
        Eigen::MatrixXd sum = gramOfLatents(m_latents.middleRows(first, std::min(m_block, size() - first)));
        if (!m_sums.empty())
            sum += m_sums.back();
        m_sums.push_back(std::move(sum));
        task.check();
    }
}

/// The sum of the first `end` latents.
void GramSums::addUpTo(Index end, double sign, Eigen::MatrixXd& to) const
{
    const Index blocks = end == size() ? static_cast<Index>(m_sums.size()) : end / m_block, begin = std::min(end, blocks * m_block);
    if (blocks > 0)
        to += sign * m_sums[static_cast<std::size_t>(blocks - 1)];
    if (end > begin)
        to += sign * gramOfLatents(m_latents.middleRows(begin, end - begin));
}

Eigen::MatrixXd GramSums::sum(Index first, Index count) const
{
    Eigen::MatrixXd sum = Eigen::MatrixXd::Zero(m_latents.cols(), m_latents.cols());
    if (size() == 0 || count <= 0)
        return sum;
    first %= size();
    const Index rounds = count / size(), end = first + count % size();
    if (rounds > 0)
        sum += static_cast<double>(rounds) * m_sums.back();
    addUpTo(std::min(end, size()), 1, sum);
    addUpTo(first, -1, sum);
    if (end > size())
        addUpTo(end - size(), 1, sum);
    return sum;
}

} // namespace hayloft
