// SPDX-License-Identifier: GPL-3.0-or-later
// Words that mean about the same, from Princeton WordNet's database files (Debian: wordnet-base). Internal.
#pragma once

#include "core/text/Words.h"

#include <filesystem>
#include <string>
#include <unordered_map>
#include <vector>

namespace hayloft {

/// A stem and how near its meaning is.
struct RelatedWord {
    std::string stem;
    float weight = 0;
};

/// One meaning: its words and the words of its definition and examples, as stems.
struct Meaning {
    std::vector<std::string> words, definition;
    std::vector<std::vector<std::string>> examples;
};

class WordNet {
public:
    /// @throws Error when the folder lacks data.noun and its like, or they are damaged
    explicit WordNet(const std::filesystem::path& folder);
    const std::vector<Meaning>& meanings() const { return m_meanings; }
    /// By stem: synonyms, hypernyms, derived and similar words, and words of the definition; commonest senses weigh more.
    const std::unordered_map<std::string, std::vector<RelatedWord>>& related() const { return m_related; }

private:
    struct Pointer {
        std::string symbol, target; ///< target: part of speech and offset
        std::size_t word = 0;       ///< of the target, 1-based; 0 = all
    };
    struct Entry {
        std::vector<std::string> words;
        std::vector<Pointer> pointers;
        std::size_t meaning = 0;
    };
    void readData(const std::filesystem::path& file, char speech);
    void readIndex(const std::filesystem::path& file, char speech);
    void relate();
    void relateSense(const std::string& stem, const Entry& entry, float weight);
    void add(const std::string& stem, const std::string& word, float weight);
    std::vector<std::string> stems(std::string text) const;

    WordCutter m_cutter;
    std::unordered_map<std::string, Entry> m_entries;
    std::unordered_map<std::string, std::vector<std::pair<int, std::string>>> m_senses; ///< by stem: rank, entry
    std::vector<Meaning> m_meanings;
    std::unordered_map<std::string, std::unordered_map<std::string, float>> m_weights;
    std::unordered_map<std::string, std::vector<RelatedWord>> m_related;
};

} // namespace hayloft
