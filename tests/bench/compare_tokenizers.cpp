// SPDX-License-Identifier: GPL-3.0-or-later
// Hayloft's tokenizers beside the ids that tests/parity/reference_ids.py wrote, and their speed.
//   compare_tokenizers VOCABULARIES REFERENCE.jsonl [BOOK]
#include "core/base/Files.h"
#include "core/text/ByteBpeTokenizer.h"
#include "core/text/WordPieceTokenizer.h"
#include "tests/parity/TokenizerReference.h"

#include <chrono>
#include <cstdio>

using namespace hayloft;
using namespace hayloft::test;

namespace {

std::size_t count(const std::vector<bool>& flags)
{
    return static_cast<std::size_t>(std::count(flags.begin(), flags.end(), true));
}

bool report(const char* name, const Comparison& found, const std::vector<bool>& differs)
{
    std::printf("%s: %zu texts, %zu tokens; %zu tokens differ in %zu texts, %zu of them without a character of another "
                "kind (%zu code points are); spans bad in %zu texts\n",
        name, found.texts, found.tokens, found.differentTokens, found.differentTexts, found.unexplainedTexts,
        count(differs), found.badSpans);
    for (const auto& example : found.examples)
        std::printf("  %s\n", example.c_str());
    return found.unexplainedTexts == 0 && found.badSpans == 0;
}

template <class Encode> void time(const char* name, const std::string& book, const Encode& encode)
{
    double best = 1e9;
    std::size_t tokens = 0;
    for (int run = 0; run < 5; ++run) {
        const auto start = std::chrono::steady_clock::now();
        tokens = encode(book).size();
        best = std::min(best, std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
    }
    std::printf("%s: %zu tokens, %.1f M tokens/s, %.0f MB/s\n", name, tokens, double(tokens) / best / 1e6,
        double(book.size()) / best / 1e6);
}

void timeAll(const Tokenizer& bert, const Tokenizer& gpt2, const char* name, const std::string& text)
{
    std::printf("%s (%zu bytes)\n", name, text.size());
    time("  BERT", text, [&](const std::string& t) { return bert.encode(t); });
    time("  BERT, spans", text, [&](const std::string& t) { return bert.encodeSpans(t); });
    time("  GPT-2", text, [&](const std::string& t) { return gpt2.encode(t); });
    time("  GPT-2, spans", text, [&](const std::string& t) { return gpt2.encodeSpans(t); });
}

int run(const std::filesystem::path& folder, const char* referenceFile, const char* book)
{
    const auto bert = openWordPiece(folder / "vocab.txt");
    const auto gpt2 = openByteBpe(folder / "vocab.json", folder / "merges.txt");
    const auto reference = readTokenizerReference(referenceFile);
    std::printf("Unicode %s here; the reference: %s\n", unicode::version().c_str(), reference.unicode.c_str());
    bool good = report(
        "BERT", compareTokenizer(*bert, reference, &ReferenceText::bert, reference.bertDiffers), reference.bertDiffers);
    good &= report("GPT-2", compareTokenizer(*gpt2, reference, &ReferenceText::gpt2, reference.gpt2Differs),
        reference.gpt2Differs);
    const std::size_t decodes = differentDecodes(*gpt2, reference);
    std::printf("GPT-2: %zu of %zu random lists of ids and the texts' own are decoded otherwise\n", decodes,
        reference.decodes.size());
    if (book)
        timeAll(*bert, *gpt2, book, readFile(book, std::size_t { 1 } << 30).substr(0, 5000000));
    return good && decodes == 0 ? 0 : 1;
}

} // namespace

int main(int argc, char** argv)
{
    if (argc < 3 || argc > 4) {
        std::fprintf(stderr, "usage: compare_tokenizers VOCABULARIES REFERENCE.jsonl [BOOK]\n");
        return 2;
    }
    try {
        return run(argv[1], argv[2], argc > 3 ? argv[3] : nullptr);
    } catch (const std::exception& e) {
        std::fprintf(stderr, "compare_tokenizers: %s\n", e.what());
        return 1;
    }
}
