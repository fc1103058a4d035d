// SPDX-License-Identifier: GPL-3.0-or-later
// Odd strings for measuring reconstruction: numbers, identifiers, rare and foreign words, Korean, punctuation, double spaces.
#pragma once

#include "core/base/Random.h"

#include <string>
#include <string_view>
#include <vector>

namespace hayloft {

enum class GeneratedKind { Digits, Identifiers, RareWords, ForeignWords, Korean, Punctuation, DoubleSpaces };

std::vector<GeneratedKind> generatedKinds();
std::string_view nameOf(GeneratedKind kind);
/// `sentence` with one to three strings of the kind at random word places; a Korean one is Korean throughout.
std::string generateSegment(GeneratedKind kind, const std::string& sentence, Random& random);

} // namespace hayloft
