// SPDX-License-Identifier: GPL-3.0-or-later
// The model folder that an import leaves: whole, or not there. Internal.
#pragma once

#include "core/model/ImportedModel.h"

namespace hayloft {

/// A folder beside the wanted one; becomes it, or goes away.
class FolderInTheMaking {
public:
    /// @throws Error when `target` is there already (but for an empty folder) or its parent cannot be written to.
    explicit FolderInTheMaking(const std::filesystem::path& target);
    ~FolderInTheMaking();
    FolderInTheMaking(const FolderInTheMaking&) = delete;
    FolderInTheMaking& operator=(const FolderInTheMaking&) = delete;

    const std::filesystem::path& path() const { return m_path; }
    void commit();

private:
    std::filesystem::path m_target, m_path;
    bool m_committed = false;
};

/// @throws Error when so many bytes do not fit where `target` will be.
void checkSpace(const std::filesystem::path& target, std::uint64_t bytes);
/// Writes config.json, with the hashes of the files that are in the folder. @throws Error
void writeConfig(const std::filesystem::path& folder, const ImportedModel& model, const ImportOptions& options, const Task& task);
/// Writes MODEL_CARD.md. @throws Error
void writeCard(const std::filesystem::path& folder, const ImportedModel& model, const ImportReport& report);

/// "24 layers, d 1,024, 16 heads, ..."
std::string inWords(const BertSizes& sizes);
std::string inWords(const Gpt2Sizes& sizes);

} // namespace hayloft
