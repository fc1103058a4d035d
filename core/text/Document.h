// SPDX-License-Identifier: GPL-3.0-or-later
// Documents: files, folders and pasted text as UTF-8.
#pragma once

#include "core/base/Progress.h"

#include <filesystem>
#include <string>
#include <vector>

namespace hayloft {

/// The extracted text of one file or of a folder of files. `text` is valid UTF-8, never normalised.
struct Document {
    std::string name; ///< file or folder name, for titles
    std::filesystem::path path; ///< empty for pasted text
    std::string text; ///< UTF-8; for .txt and .md the file's own bytes (without BOM)
    std::string encoding; ///< "UTF-8", "UTF-16LE", "UTF-16BE", "ISO-8859-1"
    std::vector<std::string> notices; ///< conversions and skipped files, one sentence each
};

/// Largest file that is read.
inline constexpr std::size_t kMaxDocumentBytes = std::size_t { 512 } << 20;

/// Reads .txt, .md, .html/.htm, .pdf (where built with poppler) or a folder of them (recursively, in path order,
/// joined by a blank line, README files left out). Any other file is read as plain text if it is text.
/// @throws Error for empty, binary, too large or unreadable input, and for a PDF with no text.
Document loadDocument(const std::filesystem::path& path, const Task& task = {});
/// Several paths (files or folders), joined as a folder is. @throws Error
Document loadDocuments(const std::vector<std::filesystem::path>& paths, const Task& task = {});
/// Pasted text. @throws Error when empty or not valid UTF-8.
Document documentFromText(std::string text, std::string name);

} // namespace hayloft
