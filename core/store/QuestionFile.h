// SPDX-License-Identifier: GPL-3.0-or-later
// A user's own questions about texts: a JSON Lines file.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace hayloft {

/// One line: {"context": text} or {"document": path}, with {"question": text, "answers": text or list of texts}.
struct QuestionSample {
    std::int64_t line = 0;            ///< in the file, from 1: its id
    std::string context;              ///< the text asked about; "" where a document holds it
    std::filesystem::path document;   ///< the document that holds it, an existing file; "" where `context` does
    std::string question;             ///< not blank
    std::vector<std::string> answers; ///< one or more, none blank
};

/// Hands over the questions one by one, so that the file need not fit into memory. A document's path is relative to the file's folder; the document itself is not read.
/// @throws Error naming file and line: no JSON object, a key that is missing, blank or of another type, both or neither
/// of context and document, a document that doesn't exist. Also for a file without a question; what `visit` throws.
void visitQuestionFile(const std::filesystem::path& file, const std::function<void(QuestionSample&&)>& visit);
/// All questions at once. @throws Error as above.
std::vector<QuestionSample> readQuestionFile(const std::filesystem::path& file);

} // namespace hayloft
