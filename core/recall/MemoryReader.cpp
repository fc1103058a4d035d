// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/recall/MemoryReader.h"

#include <algorithm>
#include <chrono>

namespace hayloft {

bool Answer::absent() const
{
    return std::all_of(answers.begin(), answers.end(), [](const ReadAnswer& a) { return a.absent; });
}

std::string Answer::text() const
{
    std::vector<RowAnswer> rows;
    for (const ReadAnswer& answer : answers)
        if (!answer.absent || absent())
            rows.push_back({answer.row, answer.text});
    return mergedAnswers(std::move(rows));
}

Answer MemoryReader::ask(const std::string& query, Index runnersUp, const Task& task) const
{
    const auto start = std::chrono::steady_clock::now();
    if (m_memory.segments() == 0)
        throw Error("the memory is empty", "query", "write a document first");
    const Task silent {task.stop, {}};
    std::vector<RowQuery> queries;
    for (const std::string& part : splitQuestion(m_rules, query, m_keys != KeyKind::Prefix))
        queries.push_back({part, m_rules.mostRows(part)});
    const KeyEncoder encoder(m_model, m_keys, m_prefixTokens);
    const QueryKey key = encoder.query(queries.front().text);
    Answer answer;
    answer.keyText = key.text;
    answer.keyTokens = static_cast<int>(key.tokens.size());
    answer.keyShorterThanP = key.shorterThanP;
    answer.reading = m_memory.read(encoder.readKeys({key.tokens}, silent), runnersUp).front();
    const RuleReader reader(m_model, m_memory, m_keys, m_prefixTokens, m_rules, m_prompted);
    std::string asked;
    for (const ChosenRow& row : reader.choose(queries, asked, silent))
        answer.answers.push_back(answerFrom(reader, row, queries[row.query].text, silent));
    answer.milliseconds = std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
    return answer;
}

ReadAnswer MemoryReader::answerFrom(const RuleReader& reader, const ChosenRow& start, const std::string& query, const Task& task) const
{
    ReadAnswer answer;
    std::vector<RowRead> reads;
    answer.query = query;
    answer.prompt = AnswerDecoder(m_model, m_prompted, m_prefixTokens).promptOf(query);
    answer.text = reader.readOn(start, query, reads, task, &answer.decoded).text;
    answer.row = start.nearest.row;
    answer.distance = start.nearest.distance;
    answer.rowSegments = reads.front().rowSegments;
    for (std::size_t i = 1; i < reads.size(); ++i)
        answer.followed.push_back(reads[i].row);
    if (const ContentKeys* keys = m_keys == KeyKind::Content ? m_model.contentKeys() : nullptr) {
        answer.matches = keys->matches(query, answer.text);
        answer.absent = keys->isAbsent(query, answer.text);
    }
    return answer;
}

Decoded MemoryReader::decode(const RowVector& latent, const Task& task) const
{
    return m_model.decode(latent, {task.stop, {}}).front();
}

} // namespace hayloft
