// SPDX-License-Identifier: GPL-3.0-or-later
// How many rows a question reads and how their answers are put together: rules that know of no task.
#pragma once

#include "core/memory/KeyMemory.h"

#include <string>
#include <string_view>
#include <vector>

namespace hayloft {

/// Which rows a question that asks for several reads beside the nearest: those whose score (1 - distance^2 / 2) is at
/// least `share` of the best one's, at most `most` in all.
struct RowRule {
    double share = 0.65;
    int most = 8;
};

/// One plain read of one row, or reading by the words of the question.
struct ReadingRules {
    bool byQuestion = false; ///< false: one row, whatever is asked; the rest does not count then
    RowRule rows;
    int follow = 3;          ///< rows that one answer may run over, in the order in which segments were written

    int mostRows(std::string_view question) const; ///< 1 unless the question asks for several
    int mostFollowed() const { return byQuestion ? follow : 1; }
};

/// By the words of the question with content keys and their floor; one plain read of one row with all others.
ReadingRules rulesFor(KeyKind keys);

/// The questions that are asked of the memory one by one. @param query a question, or a prefix, which is never split
std::vector<std::string> splitQuestion(const ReadingRules& rules, const std::string& query, bool isQuestion);

/// A row that is read, and which of the queries chose it.
struct ChosenRow {
    Neighbour nearest;
    std::size_t query = 0;
};

/// The rows to read of the nearest ones (nearest first, at least one): the first, and those that the rule adds.
std::vector<Neighbour> chooseRows(const std::vector<Neighbour>& nearest, double share, int most);

/// Whether a decoded text ends a sentence, so that nothing more belongs to it. True for an empty text.
bool endsSentence(std::string_view text);
/// A decoded text and that of the next segment. @param glued no white space stood between the two
std::string joinedAnswer(const std::string& text, const std::string& next, bool glued);

/// One answer from the row on which its reading began.
struct RowAnswer {
    Index row = -1;
    std::string text;
    std::size_t query = 0; ///< number of the query that read it
};
/// The answers in the order of their rows, one a line; empty ones and repetitions are left out.
std::string mergedAnswers(std::vector<RowAnswer> answers);

} // namespace hayloft
