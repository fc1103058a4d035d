// SPDX-License-Identifier: GPL-3.0-or-later
// The tokenizer files of BERT and GPT-2 that an imported model needs: found, checked, copied.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace hayloft {

/// BERT's word pieces; GPT-2's byte pieces and their merges.
struct VocabularyFiles {
    std::filesystem::path bert, gpt2, merges;

    /// Fills in what is not named from folders, under the names of a model folder or those of Hugging Face (vocab.txt, vocab.json,
    /// merges.txt). @throws Error naming what is missing.
    void find(const std::vector<std::filesystem::path>& bertFolders, const std::vector<std::filesystem::path>& gpt2Folders);
};

/// How many pieces the files hold.
struct VocabularySizes {
    std::int64_t bert = 0, gpt2 = 0;
};

/// Pieces of a BERT vocabulary, one a line. @throws Error when it is not one.
std::int64_t bertVocabularySize(std::string_view text, const std::string& where);
/// Pieces of a GPT-2 vocabulary (JSON, piece to id, each id below the size once) whose merges make pieces of it. @throws Error
std::int64_t gpt2VocabularySize(std::string_view json, const std::string& where, std::string_view merges, const std::string& mergesWhere);

/// Reads and checks the files. @throws Error
VocabularySizes checkVocabularies(const VocabularyFiles& files);
/// Copies them into a model folder. @throws Error
void copyVocabularies(const VocabularyFiles& files, const std::filesystem::path& folder);

} // namespace hayloft
