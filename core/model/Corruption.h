// SPDX-License-Identifier: GPL-3.0-or-later
// Generic text corruption for training: numbers, random strings of many alphabets, odd white space. No templates.
#pragma once

#include "core/base/Random.h"
#include "core/text/Tokenizer.h"

#include <string>
#include <vector>

namespace hayloft {

/// The 2,350 Hangul syllables of KS X 1001, each as UTF-8; empty where the C library lacks EUC-KR.
std::vector<std::string> commonHangul();

/// Makes arbitrary numbers, identifiers and scripts occur in the training text, at random places.
class Corruption {
public:
    Corruption(const Tokenizer& tokenizer, std::uint64_t seed);
    /// The segment's text, changed in about half of all calls.
    std::string apply(const std::string& text);
    /// A text made of random strings only, 1..maxPieces of them.
    std::string randomText(int maxPieces);

private:
    std::string randomString();
    std::string randomNumber();
    std::string insertAtRandomPlace(const std::string& text, const std::string& piece);
    std::string replaceTokens(const std::string& text, double share);
    std::string oddSpaces(const std::string& text);

    const Tokenizer& m_tokenizer;
    Random m_random;
    std::vector<std::string> m_hangul;
    std::vector<std::vector<std::string>> m_alphabets; ///< characters as UTF-8
};

} // namespace hayloft
