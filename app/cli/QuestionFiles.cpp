// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/QuestionFiles.h"

#include "app/cli/PrefixNotice.h"
#include "app/cli/ProgressBar.h"
#include "app/cli/QuestionReport.h"
#include "core/base/Files.h"
#include "core/base/Space.h"
#include "core/recall/QuestionRun.h"
#include "core/recall/RulerScoring.h"
#include "core/store/QuestionFile.h"
#include "core/store/RulerFile.h"
#include "core/text/Document.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <fstream>
#include <functional>
#include <ostream>

namespace hayloft {

namespace {

namespace fs = std::filesystem;

/// How many samples a file has. Reads all of it, so that damage is told before anything is computed.
int countSamples(const QuestionFileSettings& settings, const Task& task)
{
    int samples = 0;
    const auto count = [&](const auto&) {
        if (++samples % 16 == 0)
            task.report({ "check the file", static_cast<double>(samples), 0, "samples", "" });
    };
    settings.ruler.empty() ? visitQuestionFile(settings.questions, count) : visitRulerFile(settings.ruler, count);
    return samples;
}

void checkOut(const QuestionFileSettings& settings)
{
    if (settings.out.empty())
        return;
    std::error_code ignored;
    for (const fs::path& read : { settings.ruler, settings.questions })
        if (!read.empty() && fs::equivalent(read, settings.out, ignored))
            throw Error("the answers would overwrite the questions", "--out " + settings.out.string(), "choose another file");
    checkWritable(settings.out);
}

/// Answers a file's samples one after the other.
class FileAnswerer {
public:
    FileAnswerer(QuestionRun& run, KeyKind keys, int samples, const Task& task) : m_run(run), m_keys(keys), m_samples(samples), m_task(task) {}

    /// @returns the line of the prediction file
    std::string answer(const RulerSample& sample, const fs::path& file)
    {
        const TextAnswer answer = named(file, sample.line, [&] { return ask(questionOf(sample)); });
        add(answer, rulerPostprocessed(answer.text).empty());
        double best = 0;
        for (const std::string& output : sample.outputs)
            best = std::max(best, rulerScore({ &output, 1 }, answer.text));
        m_totals.all.push_back(rulerScore(sample.outputs, answer.text));
        m_totals.part.push_back(best);
        m_totals.correct += m_totals.all.back() >= 1.0 ? 1 : 0;
        return rulerPredictionLine(sample, answer.text);
    }

    std::string answer(const QuestionSample& sample, const fs::path& file)
    {
        const TextAnswer answer = named(file, sample.line, [&] { return ask({ contextOf(sample), sample.question, {} }); });
        const bool correct = holdsAnswers(sample.answers, answer.text);
        add(answer, trimmed(answer.text).empty());
        m_totals.correct += correct ? 1 : 0;
        std::vector<Index> rows;
        for (const RowRead& read : answer.reads)
            rows.push_back(read.row);
        const nlohmann::ordered_json line { { "line", sample.line }, { "question", sample.question }, { "answers", sample.answers },
            { "prediction", answer.text }, { "correct", correct }, { "absent", answer.absent }, { "rows", rows } };
        return line.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
    }

    QuestionTotals totals() const
    {
        QuestionTotals totals = m_totals;
        totals.contextsWritten = m_run.context().writes();
        return totals;
    }
    std::optional<RulerItem> firstValue() const { return m_firstValue; } ///< of the first needle sample

private:
    /// All that stands before the question is written, as in the sweeps. Of a task without needles the last line is asked.
    TextQuestion questionOf(const RulerSample& sample)
    {
        RulerPrompt prompt = splitRulerInput(sample);
        TextQuestion question;
        if (!trimmed(prompt.context).empty())
            question.context = prompt.opening.empty() ? std::move(prompt.context) : prompt.opening + "\n" + prompt.context;
        question.question = std::move(prompt.question);
        if (!prompt.wording)
            ++m_totals.plain;
        else if (!m_firstValue)
            m_firstValue = prompt.wording->value;
        for (const std::string& key : prompt.queries)
            question.prefixes.push_back(rulerNeedleStem(prompt.wording->value, key));
        return question;
    }

    const std::string& contextOf(const QuestionSample& sample)
    {
        if (sample.document.empty())
            return sample.context;
        if (sample.document != m_document) {
            m_text = loadDocument(sample.document, { m_task.stop, {} }).text;
            m_document = sample.document;
        }
        return m_text;
    }

    TextAnswer ask(const TextQuestion& question)
    {
        if (m_totals.plain > 0 && m_keys == KeyKind::Prefix)
            throw Error("this is no needle task of RULER, so there are no first words to ask with", "", "leave --keys prefix out");
        const double done = m_totals.samples, total = m_samples;
        m_task.report({ "answer", done, total, "questions", "" });
        return m_run.ask(question, { m_task.stop, [&](const Progress& p) {
                                        m_task.report({ "answer", done + (p.total > 0 ? std::min(1.0, p.done / p.total) : 0.0), total, "questions", "" });
                                    } });
    }

    /// Does `work` and tells at which line it failed.
    template <typename Work> static TextAnswer named(const fs::path& file, std::int64_t line, const Work& work)
    {
        try {
            return work();
        } catch (const Error& error) {
            throw Error(file.string() + ", line " + std::to_string(line) + ": " + error.what());
        }
    }

    void add(const TextAnswer& answer, bool null)
    {
        ++m_totals.samples;
        m_totals.nulls += null ? 1 : 0;
        m_totals.absent += answer.absent ? 1 : 0;
        m_totals.rowsRead += static_cast<std::int64_t>(answer.reads.size());
        m_totals.tokens += m_run.context().tokens();
    }

    QuestionRun& m_run;
    KeyKind m_keys;
    int m_samples;
    const Task& m_task;
    QuestionTotals m_totals;
    std::optional<RulerItem> m_firstValue;
    fs::path m_document; ///< the last one that was loaded
    std::string m_text;  ///< its text
};

/// Calls `work` with what takes a line: the out file, which appears when all is written, or nothing.
void writeLines(const fs::path& out, const std::function<void(const std::function<void(const std::string&)>&)>& work)
{
    if (out.empty())
        return work([](const std::string&) {});
    writeFileAtomically(out, [&](const fs::path& temporary) {
        std::ofstream stream(temporary, std::ios::binary | std::ios::trunc);
        work([&](const std::string& line) {
            if (!(stream << line << '\n'))
                throw Error("cannot write the answers", out.string(), "free some space or choose another folder");
        });
        if (!stream.flush())
            throw Error("cannot write the answers", out.string(), "free some space or choose another folder");
    });
}

void printNotices(const FileAnswerer& answerer, const MemorySettings& memory, const LatentModel& model, std::ostream& err)
{
    const QuestionTotals totals = answerer.totals();
    if (totals.plain > 0)
        err << "note: " << totals.plain << " of " << totals.samples
            << " samples are of no needle task: their last line was asked as a plain question\n";
    if (memory.keys == KeyKind::Prefix && answerer.firstValue())
        printPrefixNotice(*answerer.firstValue(), memory.prefixTokens, model, err);
}

} // namespace

void answerQuestionFile(const QuestionFileSettings& settings, const CliContext& context)
{
    const bool ruler = !settings.ruler.empty();
    const MemorySettings memory = settings.memory.settings(KeyKind::Content);
    checkOut(settings);
    ProgressBar bar(context.err, context.services.progressBar, terminalColumns());
    const Task task = bar.task(context.services.stop);
    const int samples = countSamples(settings, task);
    const auto model = settings.model.open(context);
    ReadingRules reading;
    reading.byQuestion = ruler || rulesFor(memory.keys).byQuestion;
    QuestionRun run(*model, settings.segmenter.options(model->info()), memory, reading, settings.seed);
    FileAnswerer answerer(run, memory.keys, samples, task);
    writeLines(settings.out, [&](const auto& write) {
        if (ruler)
            visitRulerFile(settings.ruler, [&](const RulerSample& sample) { write(answerer.answer(sample, settings.ruler)); });
        else
            visitQuestionFile(settings.questions, [&](const QuestionSample& sample) { write(answerer.answer(sample, settings.questions)); });
    });
    bar.clear();
    printNotices(answerer, memory, *model, context.err);
    const QuestionReport report { ruler, ruler ? settings.ruler : settings.questions, settings.out, memory, run.context().prefixTokens(),
        answerer.totals() };
    settings.json ? printQuestionsJson(report, context.out) : printQuestions(report, context.out);
}

} // namespace hayloft
