// SPDX-License-Identifier: GPL-3.0-or-later
// Asks questions about texts, each text in a memory of its own: other people's test files instead of planted needles.
#pragma once

#include "core/recall/ContextMemory.h"
#include "core/recall/RuleReader.h"

namespace hayloft {

/// One question about one text.
struct TextQuestion {
    std::string context;               ///< all that is written to the memory
    std::string question;              ///< plainly worded
    std::vector<std::string> prefixes; ///< with prefix keys: first words of what is sought; none: the question is taken
};

/// What the memory answered.
struct TextAnswer {
    std::string text;           ///< the answers of all rows, merged
    std::vector<RowRead> reads; ///< in the order in which they were read
    std::string query;          ///< as it was encoded; several one a line
    bool absent = false;        ///< content keys: "not in this text" (AbsenceRule)
};

/// Segments, writes, asks and decodes as a sweep's trial does, by the same reading rules. A context that is asked again
/// at once is not written again. The model must outlive it. One thread.
class QuestionRun {
public:
    /// @throws Error for settings that the model cannot have
    QuestionRun(const LatentModel& model, const SegmenterOptions& segmenter, const MemorySettings& memory, const ReadingRules& reading,
                std::uint64_t seed);
    /// @throws Error for an empty context or question, Cancelled
    TextAnswer ask(const TextQuestion& question, const Task& task = {});
    const ContextMemory& context() const { return m_context; } ///< that of the last question

private:
    const LatentModel& m_model;
    KeyKind m_keys;
    ReadingRules m_reading;
    ContextMemory m_context;
};

/// Whether all the expected answers occur in a text, upper and lower case and all white space taken as the same.
bool holdsAnswers(const std::vector<std::string>& expected, std::string_view text);

} // namespace hayloft
