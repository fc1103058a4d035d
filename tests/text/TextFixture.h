// SPDX-License-Identifier: GPL-3.0-or-later
// A small sentencepiece model trained on made-up prose, and texts that try to break things.
#pragma once

#include "core/base/Files.h"
#include "core/base/Random.h"
#include "core/text/Tokenizer.h"
#include "core/text/Utf8.h"

#include <QTemporaryDir>

#include <array>
#include <filesystem>
#include <string>

namespace hayloft::test {

inline std::string madeUpProse(std::uint64_t seed, int sentences)
{
    constexpr std::array<const char*, 40> kWords = { "the", "keeper", "of", "a", "lighthouse", "walked", "slowly", "to",
        "harbour", "and", "wrote", "every", "name", "in", "his", "book", "while", "storm", "came", "over", "hills",
        "where", "old", "farms", "stood", "near", "river", "she", "carried", "bread", "from", "market", "with", "seven",
        "lanterns", "before", "night", "fell", "on", "town" };
    Random random(seed);
    std::string text;
    for (int s = 0; s < sentences; ++s) {
        const int words = 4 + static_cast<int>(random.below(20));
        for (int w = 0; w < words; ++w) {
            std::string word = kWords[random.below(kWords.size())];
            if (w == 0)
                word[0] = static_cast<char>(word[0] - 'a' + 'A');
            text += (w == 0 ? "" : random.below(9) == 0 ? ", " : " ") + word;
        }
        if (random.below(4) == 0)
            text += " " + std::to_string(random.below(100000));
        text += random.below(6) == 0 ? "?" : ".";
        text += random.below(5) == 0 ? "\n" : " ";
    }
    return text;
}

/// Valid UTF-8 of every unpleasant kind.
inline std::string hostileText(std::uint64_t seed, int characters)
{
    constexpr std::array<char32_t, 44> kChosen
        = { ' ', ' ', ' ', '\n', '\r', '\t', 0, 0x0B, 0x0C, 0x85, 0xA0, 0x3000, 0x2028, 0x2029, 0xFEFF, 0x2581, 0xFDD0,
              0xFFFD, 0xFFFF, 0x200D, 0x0301, 0x0308, 0x05D0, 0x0627, 0x202E, 0xAC00, 0xD55C, 0x6F22, 0x3002, 0xFF1F,
              0x1F600, 0x1F469, 0x10FFFF, '.', '!', '?', ',', ';', '"', 0x2019, 0x2014, 0x2026, 0x2585, '1' };
    Random random(seed);
    std::string text;
    while (characters-- > 0) {
        const auto kind = random.below(10);
        char32_t c = 0;
        if (kind < 4)
            c = 'a' + static_cast<char32_t>(random.below(26));
        else if (kind < 8)
            c = kChosen[random.below(kChosen.size())];
        else if (kind == 8)
            c = static_cast<char32_t>(random.below(0x80));
        else
            do
                c = static_cast<char32_t>(random.below(0x110000));
            while (c >= 0xD800 && c < 0xE000);
        const auto repeat = random.below(25) == 0 ? random.below(40) : 1;
        for (std::uint64_t i = 0; i < repeat; ++i)
            utf8::append(text, c);
    }
    return text;
}

/// Trains once per test program.
class TinyTokenizer {
public:
    TinyTokenizer()
    {
        writeFileAtomically(path("text.txt"), madeUpProse(1, 3000));
        train("tiny.model", 1);
        tokenizer = openSentencePiece(path("tiny.model"));
    }
    void train(const char* name, std::uint64_t seed, long sentences = 400000) const
    {
        SentencePieceTraining training;
        training.inputs = { path("text.txt") };
        training.vocabularySize = 500;
        training.maxSentences = sentences;
        training.seed = seed;
        for (char digit = '0'; digit <= '9'; ++digit)
            training.symbols.emplace_back(1, digit);
        training.symbols.push_back("\",\"");
        trainSentencePiece(training, path(name));
    }
    std::filesystem::path path(const char* name) const
    {
        return std::filesystem::path(m_folder.path().toStdString()) / name;
    }

    std::unique_ptr<Tokenizer> tokenizer;

private:
    QTemporaryDir m_folder;
};

} // namespace hayloft::test
