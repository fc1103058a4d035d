// SPDX-License-Identifier: GPL-3.0-or-later
// All that is known of a model that will be imported, before anything is written. Internal.
#pragma once

#include "core/model/CheckpointImport.h"
#include "core/model/HuggingFaceModel.h"
#include "core/model/LarimarLayout.h"
#include "core/model/NetworkConfig.h"
#include "core/model/VocabularyFiles.h"

#include <nlohmann/json.hpp>

namespace hayloft {

struct ImportedModel {
    std::string name;
    LarimarSizes sizes;
    NetworkConfig network;
    ImportPlan plan;
    std::vector<std::unique_ptr<ImportSource>> sources; ///< by prefix; several may share a file
    std::vector<OpenedTensors> files;
    VocabularyFiles vocabularies;
    bool trained = true; ///< false: the parts between encoder and decoder are random
    std::vector<std::string> notes;
};

/// IBM's names, under any common prefix (arXiv 2403.11901, the published code). @throws Error
ImportedModel larimarModel(const ImportOptions& options);
/// A BERT and a GPT-2 with an untrained Larimar between them. @throws Error
ImportedModel pairModel(const ImportOptions& options);

} // namespace hayloft
