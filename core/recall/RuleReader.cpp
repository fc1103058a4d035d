// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/recall/RuleReader.h"

#include <algorithm>

namespace hayloft {

std::vector<Neighbour> RuleReader::choose(const std::vector<RowQuery>& queries, std::string& asked, const Task& task) const
{
    std::vector<Neighbour> chosen;
    for (const auto& [text, most] : queries) {
        const auto query = m_encoder.query(text);
        asked.append(asked.empty() ? "" : "\n").append(query.text);
        const Reading reading = m_memory.read(m_encoder.readKeys({query.tokens}, task), most - 1).front();
        std::vector<Neighbour> nearest {{reading.row, reading.distance}};
        nearest.insert(nearest.end(), reading.runnersUp.begin(), reading.runnersUp.end());
        std::size_t rank = 0;
        for (const auto& row : chooseRows(nearest, m_rules.rows.share, most)) {
            const bool isNew = std::none_of(chosen.begin(), chosen.end(), [&](const Neighbour& n) { return n.row == row.row; });
            if (isNew && (rank == 0 || m_memory.count(row.row) > 0))
                chosen.push_back(row);
            ++rank;
        }
    }
    return chosen;
}

RowAnswer RuleReader::readOn(const Neighbour& start, std::vector<RowRead>& reads, const Task& task) const
{
    RowAnswer answer {start.row, {}};
    NextRow at {start.row, false};
    for (int step = 0; step < m_rules.mostFollowed() && at.row >= 0; ++step) {
        if (step > 0 && endsSentence(answer.text))
            break;
        const RowVector latent = m_memory.row(at.row);
        answer.text = joinedAnswer(answer.text, m_model.decode(latent, task).front().text, at.glued);
        reads.push_back({at.row, m_memory.count(at.row), step == 0 ? start.distance : 0.0f, step > 0, latent});
        at = m_memory.next(at.row);
    }
    return answer;
}

} // namespace hayloft
