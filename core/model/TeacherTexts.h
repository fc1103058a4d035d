// SPDX-License-Identifier: GPL-3.0-or-later
// Texts and what a sentence encoder makes of them: content keys can learn from its judgement. Internal.
#pragma once

#include "core/base/Matrix.h"

#include <filesystem>
#include <string>
#include <vector>

namespace hayloft {

struct TeacherTexts {
    std::string teacher;            ///< the encoder's name
    std::vector<std::string> texts; ///< n, UTF-8; those of a single word tell where its vector starts
    Matrix vectors;                 ///< n x D, of length 1
};

/// Reads the safetensors file that tests/bench/sentence_encoder_vectors.py writes: `teacher` and `texts` (UTF-8 bytes, a text a
/// line) and `vectors` (n x D). @throws Error for a damaged or foreign file
TeacherTexts loadTeacherTexts(const std::filesystem::path& file);

} // namespace hayloft
