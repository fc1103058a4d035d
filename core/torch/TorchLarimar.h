// SPDX-License-Identifier: GPL-3.0-or-later
// LatentModel on any device of LibTorch. Internal: includes LibTorch.
#pragma once

#include "core/model/Larimar.h"
#include "core/torch/Network.h"

namespace hayloft {

class TorchLarimar final : public Larimar {
public:
    /// @param device as deviceFromName takes it. @throws Error
    TorchLarimar(const std::filesystem::path& directory, const std::string& device);

protected:
    void encodeBatches(const std::vector<TokenIds>& sequences, const std::vector<Batch>& batches, Matrix& latents, const Task& task) const override;
    std::vector<Decoded> decodeRows(const Matrix& latents, const std::vector<TokenIds>& prompts, const Task& task) const override;
    std::size_t batchTokens() const override;

private:
    torch::Device m_device;
    mutable Network m_network { nullptr };
};

} // namespace hayloft
