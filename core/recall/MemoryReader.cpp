// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/recall/MemoryReader.h"

#include "core/recall/TrialSolver.h"

#include <chrono>

namespace hayloft {

Answer MemoryReader::ask(const std::string& query, Index runnersUp, const Task& task) const
{
    const auto start = std::chrono::steady_clock::now();
    if (m_memory.segments() == 0)
        throw Error("the memory is empty", "query", "write a document first");
    const KeyEncoder encoder(m_model, m_keys, m_prefixTokens);
    const QueryKey key = encoder.query(query);
    Answer answer;
    answer.keyText = key.text;
    answer.keyTokens = static_cast<int>(key.tokens.size());
    answer.keyShorterThanP = key.shorterThanP;
    answer.reading = m_memory.read(encoder.readKeys({key.tokens}, {task.stop, {}}), runnersUp).front();
    answer.decoded = decode(answer.reading.latent, task);
    if (m_keys == KeyKind::Content)
        answer.matches = m_model.contentKeys()->matches(key.text, answer.decoded.text);
    answer.milliseconds = std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
    return answer;
}

Decoded MemoryReader::decode(const RowVector& latent, const Task& task) const
{
    return m_model.decode(latent, {task.stop, {}}).front();
}

} // namespace hayloft
