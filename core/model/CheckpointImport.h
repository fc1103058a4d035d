// SPDX-License-Identifier: GPL-3.0-or-later
// Other programs' models as Hayloft's model folders: IBM's Larimar checkpoint, and pairs of BERT and GPT-2 from Hugging Face.
#pragma once

#include "core/base/Progress.h"
#include "core/model/TensorView.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace hayloft {

/// What to import: a checkpoint of Larimar, or an encoder and a decoder.
struct ImportOptions {
    std::filesystem::path checkpoint;       ///< Lightning's .ckpt, or a state dict with the same names (also safetensors)
    std::filesystem::path encoder, decoder; ///< BERT and GPT-2: a folder of Hugging Face, or its weights file beside config.json
    std::filesystem::path out;              ///< the folder to make
    std::string name;                       ///< of the model; empty: the checkpoint's or the folder's
    TensorType type = TensorType::Float32;  ///< also Float16, BFloat16
    std::filesystem::path bertVocabulary, gpt2Vocabulary, gpt2Merges; ///< empty: beside the weights
    std::int64_t maxTokens = 64;   ///< longest segment; IBM trained with texts of up to 64 words
    std::int64_t answerTokens = 0; ///< longest answer; 0: two segments
    std::int64_t latent = 768;     ///< C of a pair
    std::int64_t memoryRows = 512; ///< K of a pair
    std::uint64_t seed = 1;        ///< of a pair's untrained parts
};

/// One line of the report.
struct ImportLine {
    std::string name;   ///< in Hayloft
    std::string source; ///< in the file; empty: random
    Shape shape;
    std::string change; ///< empty: copied as it is
};

/// Tensors or other content that were left where they are.
struct ImportSkipped {
    std::string what;
    std::size_t tensors = 0;
    std::string why; ///< empty: unknown
};

/// What an import finds and does.
struct ImportReport {
    std::string source;     ///< "larimar-1.3b-c3.ckpt: 836 tensors, ..."
    std::string encoder, decoder, memory; ///< sizes, in words
    std::vector<ImportLine> tensors;
    std::vector<ImportSkipped> skipped;
    std::vector<std::string> notes;    ///< what a user should know: untrained parts, checksums that could not be checked
    std::vector<ImportLine> problems;  ///< `change` says what is wrong; none may be left for an import
    std::uint64_t parameters = 0;
    std::uint64_t bytes = 0; ///< of the numbers that will be written
};

/// Looks at the files and, when all is there, writes the folder.
class CheckpointImport {
public:
    /// Opens the files, reads their headers and makes the plan. Missing and wrongly shaped tensors are in the report.
    /// @throws Error for files that cannot be read or are of another kind of model.
    explicit CheckpointImport(ImportOptions options);
    ~CheckpointImport();

    const ImportReport& report() const;
    /// Writes the folder under another name and renames it at the end: it is whole or not there.
    /// @throws Error (report().problems, a folder that exists, a full disk, damaged numbers), Cancelled
    void write(const Task& task = {});

private:
    class Plan;
    std::unique_ptr<Plan> m_plan;
};

} // namespace hayloft
