// SPDX-License-Identifier: GPL-3.0-or-later
// Cuts a question that lists several things into one question for each.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace hayloft {

/// Knows English lists by their form alone: "... for a, b, and c ...?" has a word such as "for" before the first item,
/// commas between short items, and "and" or "or" before the last. Everything else stays whole: a clause after a comma,
/// a pair without a comma ("salt and pepper"), a sentence that asks nothing.
class QuestionSplitter {
public:
    /// One question per item, in the list's order, each with the words around the list; or the question as it is.
    std::vector<std::string> split(std::string_view question) const;
};

/// Whether a question asks for several things: "all ...", "What are ...", "Which ... were ...", "List ...".
bool asksForSeveral(std::string_view question);

} // namespace hayloft
