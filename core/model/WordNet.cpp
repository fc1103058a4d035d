// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/WordNet.h"

#include "core/base/Error.h"
#include "core/base/Files.h"

#include <algorithm>
#include <map>
#include <set>
#include <sstream>

namespace hayloft {

namespace {

constexpr int kMostSenses = 6;
constexpr std::size_t kMostTargetWords = 4;
constexpr float kSynonym = 3.0f, kPartOfSynonym = 0.7f, kDefinition = 1.0f;

const std::pair<const char*, char> kFiles[] = {{"noun", 'n'}, {"verb", 'v'}, {"adj", 'a'}, {"adv", 'r'}};

/// Pointer symbols of wninput(5WN) and how near they bring two words.
float pointerWeight(const std::string& symbol)
{
    static const std::map<std::string, float> weights {{"@", 2.0f}, {"~", 0.7f}, {"+", 2.5f}, {"&", 2.0f}, {"\\", 2.0f}, {"^", 1.0f},
                                                       {"$", 1.0f}, {"*", 1.5f}, {">", 1.5f}, {"%p", 0.7f}, {"#p", 0.7f}};
    const auto found = weights.find(symbol);
    return found == weights.end() ? 0.0f : found->second;
}

/// What every definition is made of relates nothing.
bool isEmptyWord(const std::string& stem)
{
    static const std::set<std::string> words {
        "a", "an", "the", "of", "in", "on", "at", "to", "for", "from", "by", "with", "and", "or", "nor", "but", "if", "then", "so", "as", "is",
        "are", "was", "were", "be", "been", "has", "have", "had", "do", "doe", "did", "that", "this", "those", "these", "it", "which", "who",
        "whom", "whose", "what", "where", "when", "whi", "how", "not", "no", "veri", "more", "most", "some", "ani", "all", "one", "use", "usual",
        "someth", "somebodi", "someon", "person", "thing", "make", "made", "into", "upon", "about", "such", "other", "than", "can", "may",
        "might", "must", "shall", "will", "would", "could", "should", "up", "down", "out", "over", "under", "etc", "especi", "relat"};
    return words.count(stem) > 0;
}

std::string withoutParentheses(const std::string& text)
{
    std::string kept;
    int depth = 0;
    for (const char c : text) {
        depth += c == '(' ? 1 : 0;
        if (depth == 0)
            kept += c;
        depth -= c == ')' && depth > 0 ? 1 : 0;
    }
    return kept;
}

[[noreturn]] void damaged(const std::filesystem::path& file, std::size_t line)
{
    throw Error("this is no WordNet database file", file.string() + ", line " + std::to_string(line), "install wordnet-base, or leave --wordnet out");
}

} // namespace

WordNet::WordNet(const std::filesystem::path& folder)
{
    for (const auto& [name, speech] : kFiles)
        readData(folder / (std::string("data.") + name), speech);
    for (const auto& [name, speech] : kFiles)
        readIndex(folder / (std::string("index.") + name), speech);
    relate();
}

std::vector<std::string> WordNet::stems(std::string text) const
{
    std::replace(text.begin(), text.end(), '_', ' ');
    std::vector<std::string> found;
    for (auto& word : m_cutter.cut(text))
        found.push_back(std::move(word.stem));
    return found;
}

/// wndb(5WN): offset, file, type, words, pointers | gloss.
void WordNet::readData(const std::filesystem::path& file, char speech)
{
    std::istringstream lines(readFile(file, std::size_t{64} << 20));
    std::string line;
    for (std::size_t number = 1; std::getline(lines, line); ++number) {
        if (line.rfind("  ", 0) == 0)
            continue;
        const auto bar = line.find(" | ");
        std::istringstream fields(line.substr(0, bar));
        std::string offset, skipped, count;
        Entry entry;
        if (bar == line.npos || !(fields >> offset >> skipped >> skipped >> count))
            damaged(file, number);
        for (int left = static_cast<int>(std::strtol(count.c_str(), nullptr, 16)); left > 0; --left) {
            std::string word;
            fields >> word >> skipped;
            entry.words.push_back(word.substr(0, word.find('(')));
        }
        int pointers = 0;
        fields >> pointers;
        for (; pointers > 0; --pointers) {
            Pointer pointer;
            std::string target, type, words;
            if (!(fields >> pointer.symbol >> target >> type >> words) || words.size() != 4)
                damaged(file, number);
            pointer.target = (type == "s" ? "a" : type) + target;
            pointer.word = static_cast<std::size_t>(std::strtol(words.substr(2).c_str(), nullptr, 16));
            entry.pointers.push_back(std::move(pointer));
        }
        std::istringstream gloss(line.substr(bar + 3));
        std::string part;
        Meaning meaning;
        for (const auto& word : entry.words)
            for (auto& stem : stems(word))
                meaning.words.push_back(std::move(stem));
        for (bool quoted = false; std::getline(gloss, part, '"'); quoted = !quoted) {
            if (quoted)
                meaning.examples.push_back(stems(part));
            else if (meaning.definition.empty())
                meaning.definition = stems(withoutParentheses(part));
        }
        entry.meaning = m_meanings.size();
        m_meanings.push_back(std::move(meaning));
        m_entries.emplace(speech + offset, std::move(entry));
    }
}

/// wndb(5WN): lemma, part of speech, senses, pointer symbols, counts, offsets by frequency.
void WordNet::readIndex(const std::filesystem::path& file, char speech)
{
    std::istringstream lines(readFile(file, std::size_t{64} << 20));
    std::string line;
    for (std::size_t number = 1; std::getline(lines, line); ++number) {
        if (line.rfind("  ", 0) == 0)
            continue;
        std::istringstream fields(line);
        std::vector<std::string> all;
        for (std::string field; fields >> field;)
            all.push_back(field);
        const auto senses = all.size() > 2 ? static_cast<std::size_t>(std::strtol(all[2].c_str(), nullptr, 10)) : 0;
        if (senses == 0 || senses + 3 > all.size())
            damaged(file, number);
        const auto lemma = stems(all[0]);
        if (all[0].find_first_of("_-.'0123456789") != std::string::npos || lemma.size() != 1)
            continue;
        for (std::size_t rank = 0; rank < senses; ++rank)
            m_senses[lemma.front()].emplace_back(static_cast<int>(rank), speech + all[all.size() - senses + rank]);
    }
}

void WordNet::add(const std::string& stem, const std::string& word, float weight)
{
    if (stem == word || isEmptyWord(word))
        return;
    float& kept = m_weights[stem][word];
    kept = std::max(kept, weight);
}

void WordNet::relateSense(const std::string& stem, const Entry& entry, float weight)
{
    for (const auto& word : entry.words) {
        const auto parts = stems(word);
        for (const auto& part : parts)
            add(stem, part, (parts.size() == 1 ? kSynonym : kPartOfSynonym) * weight);
    }
    for (const auto& pointer : entry.pointers) {
        const float near = pointerWeight(pointer.symbol);
        const auto target = m_entries.find(pointer.target);
        if (near == 0 || target == m_entries.end())
            continue;
        const auto& words = target->second.words;
        const std::size_t first = pointer.word > 0 ? pointer.word - 1 : 0;
        const std::size_t last = std::min(pointer.word > 0 ? pointer.word : kMostTargetWords, words.size());
        for (std::size_t i = first; i < last; ++i) {
            if (words[i].find('_') == std::string::npos)
                for (const auto& part : stems(words[i]))
                    add(stem, part, near * weight);
        }
    }
    for (const auto& word : m_meanings[entry.meaning].definition)
        add(stem, word, kDefinition * weight);
}

void WordNet::relate()
{
    for (auto& [stem, senses] : m_senses) {
        std::sort(senses.begin(), senses.end());
        for (std::size_t i = 0; i < std::min<std::size_t>(senses.size(), kMostSenses); ++i) {
            const auto entry = m_entries.find(senses[i].second);
            if (entry != m_entries.end())
                relateSense(stem, entry->second, 1.0f / (1.0f + 0.5f * static_cast<float>(senses[i].first)));
        }
    }
    for (const auto& [stem, words] : m_weights) {
        auto& list = m_related[stem];
        for (const auto& [word, weight] : words)
            list.push_back({word, weight});
        std::sort(list.begin(), list.end(), [](const auto& a, const auto& b) { return a.stem < b.stem; }); // the same on every machine
    }
    m_weights.clear();
}

} // namespace hayloft
