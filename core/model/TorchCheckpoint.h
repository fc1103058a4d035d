// SPDX-License-Identifier: GPL-3.0-or-later
// PyTorch's checkpoints, read without Python: Lightning's .ckpt and plain state dicts (pytorch_model.bin).
#pragma once

#include "core/base/MappedFile.h"
#include "core/model/PickleTree.h"
#include "core/model/TensorView.h"
#include "core/model/ZipFile.h"

#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>

namespace hayloft {

/// The state dict of a file that torch.save wrote (zip format, PyTorch 1.6 or later). Nothing in its pickle is executed.
class TorchCheckpoint : public TensorFile {
public:
    /// @throws Error for a truncated, damaged, foreign or big-endian file, and for an entry of the state dict that is no plain tensor.
    explicit TorchCheckpoint(const std::filesystem::path& path);
    /// Of bytes that outlive this.
    TorchCheckpoint(std::span<const std::byte> bytes, std::string where);

    const std::vector<TensorView>& tensors() const override { return m_tensors; }
    void verify(const TensorView& tensor) override;
    void release(std::span<const std::byte> bytes) const override;
    std::string where() const override { return m_where; }

    /// Lightning's hyper_parameters: numbers, truth values, texts and short lists of them by name; anything else as a text
    /// that says what it is. Empty when there are none.
    const nlohmann::ordered_json& hyperParameters() const { return m_hyperParameters; }
    /// The other keys of the file, such as optimizer_states.
    const std::vector<std::string>& otherKeys() const { return m_otherKeys; }

private:
    void read(std::span<const std::byte> bytes);
    std::string archiveFolder() const;
    void readState(const PickleTree& tree);
    TensorView view(const PickleTree& tree, const std::string& name, PickleId id) const;
    void checkEntry(const ZipEntry& entry);
    [[noreturn]] void fail(const std::string& what, const std::string& remedy = "copy or download the file again") const;

    std::string m_where;
    std::unique_ptr<MappedFile> m_file;
    std::optional<ZipFile> m_zip;
    std::string m_folder; ///< of the archive: "archive/"
    std::vector<TensorView> m_tensors;
    nlohmann::ordered_json m_hyperParameters = nlohmann::ordered_json::object();
    std::vector<std::string> m_otherKeys;
    std::set<const std::byte*> m_verified; ///< entries whose checksum is right, by their first byte
};

} // namespace hayloft
