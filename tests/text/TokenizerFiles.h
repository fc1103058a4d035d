// SPDX-License-Identifier: GPL-3.0-or-later
// Small vocabularies made by hand, written as the published ones are, and helpers of the tests that use them.
#pragma once

#include "core/base/Error.h"
#include "core/text/Tokenizer.h"
#include "core/text/Utf8.h"

#include <QTemporaryDir>
#include <QtTest>

#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace hayloft::test {

/// A folder for the files of a test.
class TokenizerFiles {
public:
    std::filesystem::path path(const std::string& name) const
    {
        return std::filesystem::path(m_folder.path().toStdString()) / name;
    }
    std::filesystem::path write(const std::string& name, const std::string& bytes) const
    {
        std::ofstream(path(name), std::ios::binary) << bytes; // hundreds of files: none waits for the disk
        return path(name);
    }

private:
    QTemporaryDir m_folder;
};

inline const std::vector<std::string>& smallWordPieces()
{
    static const std::vector<std::string> kPieces = [] {
        std::vector<std::string> pieces = { "[PAD]", "[unused1]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "un", "##aff",
            "##able", "##ab", "##le", "the", "The", "##ing", "walk", "San", "!", "?", ".", ",", "'", "-", "$", "+", "<",
            "=", ">", "^", "`", "|", "~", "[", "]", "#", "_", "\xE2\x80\x94", "\xE3\x80\x82", "\xE6\xBC\xA2",
            "\xE5\xAD\x97", "\xE3\x81\x8B", "##\xE3\x81\x8B", "\xED\x95\x9C", "\xC3\xA9", "##\xC3\xA9", "##\xCC\x81",
            "\xE2\x82\xAC", "##\xE2\x82\xAC", "\xF0\x9F\x98\x80", "##\xF0\x9F\x98\x80", "1", "##1", "naïve" };
        for (char c = 'a'; c <= 'z'; ++c) {
            pieces.push_back(std::string(1, c));
            pieces.push_back("##" + std::string(1, c));
        }
        return pieces;
    }();
    return kPieces;
}

inline std::string lines(const std::vector<std::string>& pieces, const std::string& end = "\n")
{
    std::string out;
    for (const auto& piece : pieces)
        out += piece + end;
    return out;
}

/// GPT-2's way of writing a byte: printable ones of Latin-1 stay, the others count up from U+0100.
inline std::string writtenByte(unsigned wanted)
{
    unsigned other = 0x100;
    std::string out;
    for (unsigned byte = 0; byte <= wanted; ++byte) {
        const bool stays
            = (byte >= '!' && byte <= '~') || (byte >= 0xA1 && byte <= 0xAC) || (byte >= 0xAE && byte <= 0xFF);
        out.clear();
        utf8::append(out, stays ? byte : other);
        other += stays ? 0 : 1;
    }
    return out;
}

inline std::string written(const std::string& bytes)
{
    std::string out;
    for (const char byte : bytes)
        out += writtenByte(static_cast<unsigned char>(byte));
    return out;
}

/// Pairs in the order of their merges, as bytes. Two of them could make "aaa", and "ab" comes before what makes "a".
inline const std::vector<std::pair<std::string, std::string>>& smallMerges()
{
    static const std::vector<std::pair<std::string, std::string>> kMerges
        = { { " ", "t" }, { "h", "e" }, { " t", "he" }, { "i", "n" }, { "in", "g" }, { " ", "a" }, { "a", "a" },
              { "aa", "aa" }, { "aaaa", "aaaa" }, { "aaaaaaaa", "aaaaaaaa" }, { "l", "l" }, { "he", "ll" },
              { "hell", "o" }, { " ", "hello" }, { "r", "e" }, { "'", "re" }, { "'", "s" }, { " ", " " },
              { "\n", "\n" }, { "\xC3", "\xA9" }, { "\xF0", "\x9F" }, { "\xF0\x9F", "\x98" }, { "1", "2" },
              { " ", "1" }, { "c", "d" }, { "b", "cd" }, { "b", "c" }, { ".", "." }, { " ", "." }, { "\xE6", "\xBC" } };
    return kMerges;
}

/// The pieces of the small vocabulary by id, as bytes: 256 bytes in GPT-2's order, the merges, <|endoftext|>.
inline std::vector<std::string> smallBytePieces()
{
    std::vector<std::string> pieces, others;
    for (unsigned byte = 0; byte < 256; ++byte) {
        const std::string one(1, static_cast<char>(byte));
        (writtenByte(byte).size() == 2 && writtenByte(byte) >= "\xC4\x80" ? others : pieces).push_back(one);
    }
    pieces.insert(pieces.end(), others.begin(), others.end());
    for (const auto& [left, right] : smallMerges())
        pieces.push_back(left + right);
    pieces.push_back("<|endoftext|>");
    return pieces;
}

/// Quoted for JSON.
inline std::string quoted(const std::string& text)
{
    std::string out = "\"";
    for (const char c : text)
        out += c == '"' || c == '\\' ? std::string("\\") + c : std::string(1, c);
    return out + '"';
}

inline std::string vocabJson(const std::vector<std::string>& pieces)
{
    std::string out = "{";
    for (std::size_t id = 0; id < pieces.size(); ++id)
        out += (id > 0 ? ", " : "") + quoted(written(pieces[id])) + ": " + std::to_string(id);
    return out + "}";
}

inline std::string mergesTxt(const std::vector<std::pair<std::string, std::string>>& merges)
{
    std::string out = "#version: 0.2\n";
    for (const auto& [left, right] : merges)
        out += written(left) + " " + written(right) + "\n";
    return out;
}

/// The message of the Error that `action` throws; empty when it throws none.
inline std::string messageOf(const std::function<void()>& action)
{
    try {
        action();
    } catch (const Error& e) {
        return e.what();
    }
    return {};
}

/// One line that names the file and holds `what`.
inline bool isClear(const std::string& message, const std::string& file, const std::string& what)
{
    const bool clear = message.find(file) != std::string::npos && message.find(what) != std::string::npos
        && message.find('\n') == std::string::npos;
    if (!clear)
        qWarning("\"%s\" should name %s and say %s", message.c_str(), file.c_str(), what.c_str());
    return clear;
}

/// The bytes of each token; fails the test where spans have other ids than encode() or leave a gap.
inline std::vector<std::string> stretches(const Tokenizer& tokenizer, const std::string& text)
{
    const auto ids = tokenizer.encode(text);
    const auto spans = tokenizer.encodeSpans(text);
    std::vector<std::string> out;
    std::size_t at = 0;
    bool good = ids.size() == spans.size();
    for (std::size_t i = 0; good && i < spans.size(); ++i) {
        good = spans[i].id == ids[i] && spans[i].begin == at && spans[i].end >= at && spans[i].end <= text.size();
        at = spans[i].end;
        out.push_back(good ? text.substr(spans[i].begin, at - spans[i].begin) : "");
    }
    if (!good || (at != text.size() && !spans.empty()))
        qFatal("the spans do not cover the text");
    return out;
}

inline std::vector<std::string> piecesOf(const Tokenizer& tokenizer, const TokenIds& ids)
{
    std::vector<std::string> out;
    for (const int id : ids)
        out.push_back(tokenizer.piece(id));
    return out;
}

} // namespace hayloft::test
