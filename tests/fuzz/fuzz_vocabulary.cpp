// SPDX-License-Identifier: GPL-3.0-or-later
// Tokenizer files: BERT's pieces, or, after a first byte of 'g', GPT-2's JSON and merges with a zero byte between them.
#include "core/base/Error.h"
#include "core/model/VocabularyFiles.h"

#include <algorithm>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    using namespace hayloft;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    try {
        if (!text.starts_with('g')) {
            bertVocabularySize(text, "input");
            return 0;
        }
        const std::size_t end = std::min(text.find('\0'), text.size());
        gpt2VocabularySize(text.substr(1, end - 1), "input", text.substr(std::min(end + 1, text.size())), "input");
    } catch (const Error&) {
    }
    return 0;
}
