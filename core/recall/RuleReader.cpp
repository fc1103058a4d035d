// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/recall/RuleReader.h"

#include "core/recall/RowChoice.h"

#include <algorithm>

namespace hayloft {

std::vector<ChosenRow> RuleReader::choose(const std::vector<RowQuery>& queries, std::string& asked, const Task& task) const
{
    std::vector<ChosenRow> chosen;
    std::size_t number = 0;
    for (const auto& [text, most] : queries) {
        const auto query = m_encoder.query(text);
        asked.append(asked.empty() ? "" : "\n").append(query.text);
        const Reading reading = m_memory.read(m_encoder.readKeys({query.tokens}, task), most - 1).front();
        std::vector<Neighbour> nearest {{reading.row, reading.distance}};
        nearest.insert(nearest.end(), reading.runnersUp.begin(), reading.runnersUp.end());
        auto rows = chooseRows(nearest, m_rules.rows.share, most);
        rows.erase(std::remove_if(rows.begin() + 1, rows.end(), [this](const Neighbour& row) { return m_memory.count(row.row) == 0; }), rows.end());
        addRows(chosen, rows, number++);
    }
    return chosen;
}

RowAnswer RuleReader::readOn(const ChosenRow& start, const std::string& query, std::vector<RowRead>& reads, const Task& task,
                             std::vector<Decoded>* decoded) const
{
    RowAnswer answer {start.nearest.row, {}, start.query};
    NextRow at {start.nearest.row, false};
    for (int step = 0; step < m_rules.mostFollowed() && at.row >= 0; ++step) {
        if (step > 0 && endsSentence(answer.text))
            break;
        const RowVector latent = m_memory.row(at.row);
        const std::string prompt = step == 0 ? m_decoder.promptOf(query) : std::string();
        const Decoded said = m_decoder.decode(latent, { prompt }, task).front();
        answer.text = joinedAnswer(answer.text, said.text, at.glued);
        if (decoded)
            decoded->push_back(said);
        reads.push_back({at.row, m_memory.count(at.row), step == 0 ? start.nearest.distance : 0.0f, step > 0, latent});
        at = m_memory.next(at.row);
    }
    return answer;
}

} // namespace hayloft
